// Popups: how large they may be, and where they have room.

const POPUP = { maxWidth: 280, minWidth: 200, autoPanPaddingTopLeft: [10, 10], autoPanPaddingBottomRight: [10, 10] };
if (window.innerWidth > 700) Object.assign(POPUP, { autoPanPaddingTopLeft: [66, 10], autoPanPaddingBottomRight: [66, 10] });
const FAR = 12; // below this zoom the limits hold the map still, so a popup has only the room above its mark

/** Open `content()` in a popup no higher than the map leaves it; it scrolls inside. */
export function bindPopup(layer, content) {
  layer.bindPopup((source) => {
    const map = source._map;
    const height = map.getSize().y;
    const at = source.getLatLng?.() ?? source.getCenter();
    const room = map.getZoom() < FAR ? map.latLngToContainerPoint(at).y - 40 : height - 110;
    source.getPopup().options.maxHeight = Math.max(150, Math.min(height - 110, room));
    return content();
  }, POPUP);
}
