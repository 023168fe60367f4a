package rtmp

// Evidence is a stand-in.
type Evidence uint8

// String is a stand-in.
func (e Evidence) String() string { return "acknowledged" }

// Taken is a stand-in.
func (c *Conn) Taken() (uint64, Evidence) { return c.Stats().BytesAcknowledged, 0 }
