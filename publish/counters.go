package publish

import (
	"sync"
	"time"
)

// counters collects what Stats tells. Safe for concurrent use.
type counters struct {
	mu       sync.Mutex
	s        Stats // the counts alone
	audioIn  meter
	videoIn  meter
	out      meter
	acked    meter
	ackTotal uint64 // by TCP, or by RTMP
	client   uint64 // by RTMP
}

// input counts a frame that was written at a time.
func (c *counters) input(audio bool, at time.Time, bytes int, corrected bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if audio {
		c.audioIn.add(at, bytes)
	} else {
		c.videoIn.add(at, bytes)
	}
	if corrected {
		c.s.TimesCorrected++
	}
}

// output counts a batch of frames that are on the socket.
func (c *counters) output(batch []*frame, position time.Duration, acked, client uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	bytes := 0
	for _, f := range batch {
		bytes += f.size
		if f.again {
			c.s.FramesResent++
		}
		if f.config.codec.IsAudio() {
			c.s.AudioPacketsSent++
		} else {
			c.s.VideoPacketsSent++
		}
	}
	now := time.Now()
	c.s.BytesSent += uint64(bytes)
	c.s.Position = position
	c.out.add(now, bytes)
	if acked > c.ackTotal {
		c.acked.add(now, int(acked-c.ackTotal))
	}
	c.ackTotal, c.client = acked, client
}

// reordered counts a frame and returns how many there are.
func (c *counters) reordered() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s.FramesReordered++
	return c.s.FramesReordered
}

func (c *counters) skipped(n int) {
	c.mu.Lock()
	c.s.FramesSkipped += n
	c.mu.Unlock()
}

func (c *counters) dropped(n int) {
	c.mu.Lock()
	c.s.FramesDropped += n
	c.mu.Unlock()
}

// lost counts frames that went with a connection.
func (c *counters) lost(n int) {
	c.mu.Lock()
	c.s.FramesLost += n
	c.mu.Unlock()
}

// rewound takes frames back that counted as sent.
func (c *counters) rewound(r rewound) {
	c.mu.Lock()
	c.s.AudioPacketsSent -= r.audio
	c.s.VideoPacketsSent -= r.video
	c.s.FramesResent += r.resent
	c.mu.Unlock()
}

// attempt tells which attempt is next.
func (c *counters) attempt(n int) {
	c.mu.Lock()
	c.s.Attempt = n
	c.mu.Unlock()
}

// handedOver counts a session that took over.
func (c *counters) handedOver() {
	c.mu.Lock()
	c.s.Handovers++
	c.mu.Unlock()
}

// reconnected counts a lost connection that is there again.
func (c *counters) reconnected() {
	c.mu.Lock()
	c.s.Reconnects++
	c.mu.Unlock()
}

// now is the counts and the rates.
func (c *counters) now(now time.Time) Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.s
	s.OutputBitrate = c.out.rate(now, time.Second)
	s.OutputBitrate2 = c.acked.rate(now, time.Second)
	s.OutputBitrate3 = c.out.rate(now, 10*time.Second)
	s.AudioBitrate = int(c.audioIn.rate(now, time.Second))
	s.VideoBitrate = int(c.videoIn.rate(now, time.Second))
	s.ClientBytesReceived = uint32(c.client)
	return s
}
