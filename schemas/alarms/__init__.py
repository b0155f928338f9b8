"""What an operator is alerted of: severity, cause, what to do. The runbook is made of it."""
