"""When the table outgrows the machine: on disk, over several machines, and on paper."""
