package publish

import (
	"time"

	"rtmpwriter/rtmp"
)

// Stats are the statistics of the specification, section 6, in its order, and
// what the writer counts beyond them. All are copies.
type Stats struct {
	OutputBufferSize     int    `json:"output_buffer_size"`     // bytes
	OutputBufferFillness int    `json:"output_buffer_fillness"` // bytes
	OutputBitrate        int64  `json:"output_bitrate"`         // bits/s sent, over the last second
	OutputBitrate2       int64  `json:"output_bitrate2"`        // bits/s acknowledged by the peer's TCP, where that is not told by the server (RTMP), over the last second
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

	// The session's network, as the system tells it (rtmp.NetworkStats); all 0
	// where it does not.
	RTT              time.Duration `json:"rtt_ns"`            // round-trip time, smoothed
	RTTVar           time.Duration `json:"rtt_var_ns"`        // its variation
	MinRTT           time.Duration `json:"min_rtt_ns"`        // its least
	Retransmits      uint64        `json:"retransmits"`       // segments sent again in this session
	DeliveryRate     int64         `json:"delivery_rate"`     // bits/s that the path was last seen to take
	CongestionWindow uint64        `json:"congestion_window"` // bytes that may be under way
	Unsent           uint64        `json:"unsent"`            // bytes in the socket that were not sent once
	Outstanding      uint64        `json:"outstanding"`       // bytes that the peer's TCP has not acknowledged, unsent ones included
	BytesTaken       uint64        `json:"bytes_taken"`       // bytes of this session that the server surely has
	Evidence         string        `json:"evidence"`          // how that is known: acknowledged, socket or none
}

// Stats returns the statistics now.
func (p *Publisher) Stats() Stats {
	bytes, audio, video := p.queue.fill(p.isAudio)
	now := time.Now()
	backlog, kept := p.queue.outage(now)
	spooled, failed := p.queue.spoolFill()
	s := p.counters.now(now)
	s.OutputBufferSize, s.OutputBufferFillness = p.options.OutputBufferSize, bytes
	s.AudioPacketsBuffered, s.VideoPacketsBuffered = audio, video
	s.Backlog, s.OutageHeld, s.OutageSpooled = backlog, kept, spooled
	if failed != nil {
		s.SpoolError = failed.Error()
	}
	p.mu.Lock()
	conn := p.conn
	p.mu.Unlock()
	if conn != nil {
		s.network(conn)
	}
	return s
}

// network fills in what is known of the session's connection.
func (s *Stats) network(conn *rtmp.Conn) {
	taken, by := conn.Taken()
	s.BytesTaken, s.Evidence = taken, by.String()
	n, ok := conn.NetworkStats()
	if !ok {
		return
	}
	s.RTT, s.RTTVar, s.MinRTT = n.RTT, n.RTTVar, n.MinRTT
	s.PacketsRTT = uint32((n.RTT + time.Millisecond - 1) / time.Millisecond)
	s.Retransmits, s.DeliveryRate, s.CongestionWindow = n.Retransmits, int64(n.DeliveryRate), n.CongestionWindow
	s.Unsent, s.Outstanding = n.Unsent, n.Outstanding
}
