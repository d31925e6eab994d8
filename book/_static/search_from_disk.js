// From disk a browser refuses to read the pages that were found for their first lines, and says so
// in its console: there the results do without.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
