"""The command line: one module a command. Prints and sets exit statuses; decides nothing."""
