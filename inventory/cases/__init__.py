"""Cases: what phones sent and somebody has to decide; who has synced; phones that are cut off."""
