package publish

import (
	"sync"
	"time"
)

// Stats are the statistics of the specification, section 6, in its order, and
// what the writer counts beyond them. All are copies.
type Stats struct {
	OutputBufferSize     int    `json:"output_buffer_size"`     // bytes
	OutputBufferFillness int    `json:"output_buffer_fillness"` // bytes
	OutputBitrate        int64  `json:"output_bitrate"`         // bits/s sent, over the last second
	OutputBitrate2       int64  `json:"output_bitrate2"`        // bits/s acknowledged by the server (RTMP), over the last second
	OutputBitrate3       int64  `json:"output_bitrate3"`        // bits/s sent, over the last 10 s
	PacketsRTT           uint32 `json:"packets_rtt"`            // round-trip time, ms; 0: not measured
	ClientBytesReceived  uint32 `json:"client_bytes_received"`  // bytes acknowledged by the server, wrapping
	AudioPacketsBuffered int    `json:"audio_packets_buffered"`
	VideoPacketsBuffered int    `json:"video_packets_buffered"`
	AudioBitrate         int    `json:"audio_bitrate"` // input, bits/s
	VideoBitrate         int    `json:"video_bitrate"` // input, bits/s
	AudioPacketsSent     int    `json:"audio_packets_sent"`
	VideoPacketsSent     int    `json:"video_packets_sent"`

	// Beyond the specification.
	BytesSent       uint64        `json:"bytes_sent"`            // payload of the frames sent
	FramesSkipped   int           `json:"frames_skipped"`        // video before the first keyframe
	FramesDropped   int           `json:"frames_dropped"`        // refused, dropped by a full buffer, flushed or unsent at the end
	FramesLost      int           `json:"frames_lost"`           // lost with a connection, or while none was there
	FramesResent    int           `json:"frames_resent"`         // sent again after a reconnect, since the server may not have had them
	Backlog         time.Duration `json:"backlog_ns"`            // how long the oldest frame that waits has waited
	OutageHeld      int           `json:"outage_held"`           // frames that are sent, and held since the server may not have them
	OutageSpooled   int64         `json:"outage_spooled"`        // bytes on disk
	SpoolError      string        `json:"spool_error,omitempty"` // why nothing more goes to disk
	Reconnects      int           `json:"reconnects"`            // how often a lost connection was made again
	Handovers       int           `json:"handovers"`             // how often a session took over from another that its server asked to end
	Attempt         int           `json:"attempt"`               // the attempt that is next while reconnecting; 0: not reconnecting
	TimesCorrected  int           `json:"times_corrected"`       // frames whose times could not be sent as they were
	FramesReordered int           `json:"frames_reordered"`      // shown out of their order while allow-b-frames is off
	Position        time.Duration `json:"position_ns"`           // stream time of the frame sent last
}

// counters collects what Stats tells. Safe for concurrent use.
type counters struct {
	mu       sync.Mutex
	s        Stats // the counts alone
	audioIn  meter
	videoIn  meter
	out      meter
	acked    meter
	ackTotal uint64
}

// input counts a frame that was queued.
func (c *counters) input(audio bool, bytes int, corrected bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if audio {
		c.audioIn.add(time.Now(), bytes)
	} else {
		c.videoIn.add(time.Now(), bytes)
	}
	if corrected {
		c.s.TimesCorrected++
	}
}

// output counts a batch of frames that are on the socket.
func (c *counters) output(batch []*frame, position time.Duration, acked uint64) {
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
	c.ackTotal = acked
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

// Stats returns the statistics now.
func (p *Publisher) Stats() Stats {
	bytes, audio, video := p.queue.fill(p.isAudio)
	now := time.Now()
	backlog, kept := p.queue.outage(now)
	spooled, failed := p.queue.spoolFill()
	c := &p.counters
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.s
	s.OutputBufferSize, s.OutputBufferFillness = p.options.OutputBufferSize, bytes
	s.AudioPacketsBuffered, s.VideoPacketsBuffered = audio, video
	s.Backlog, s.OutageHeld, s.OutageSpooled = backlog, kept, spooled
	if failed != nil {
		s.SpoolError = failed.Error()
	}
	s.OutputBitrate = c.out.rate(now, time.Second)
	s.OutputBitrate2 = c.acked.rate(now, time.Second)
	s.OutputBitrate3 = c.out.rate(now, 10*time.Second)
	s.AudioBitrate = int(c.audioIn.rate(now, time.Second))
	s.VideoBitrate = int(c.videoIn.rate(now, time.Second))
	s.ClientBytesReceived = uint32(c.ackTotal)
	return s
}
