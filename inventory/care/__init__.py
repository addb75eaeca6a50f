"""Care: health for a proxy, and backups that are known to restore."""
