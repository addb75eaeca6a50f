"""The field app: its page, its service worker, and the area packs that phones carry."""
