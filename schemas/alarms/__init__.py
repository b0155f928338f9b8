"""Alarms: what operators are alerted of, with severity, cause and remedy, and the runbook generated from them.

Findings and errors are mapped to alarms here; whether an alert is sent is decided in `publish.alerts`.
"""
