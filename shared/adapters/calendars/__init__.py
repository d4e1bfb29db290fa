"""Calendars: kept in Documents, or on a CalDAV server."""
