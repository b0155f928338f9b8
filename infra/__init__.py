"""I/O: settings, object stores, notifications, metrics, logs, and files for deployment.

It knows nothing of reports, tables or releases, and never decides what is stored or sent.
"""
