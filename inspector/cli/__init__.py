"""Commands: stdout is data, stderr is narration, the exit codes stand in one table (`exit`)."""
