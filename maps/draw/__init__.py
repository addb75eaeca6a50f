"""The map: Folium's parts in a page of ours, its data as JSON, and the same rows as a list."""
