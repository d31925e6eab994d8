"""What the chapters import and the layer does not need."""
