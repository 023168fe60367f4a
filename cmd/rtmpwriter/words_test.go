package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// One frame is a frame, and what did not happen is not counted.
func TestSummaryWords(t *testing.T) {
	const sent = "sent 2 video and 3 audio frames, 0.0 MB, 00:00:00.000 of stream"
	s := publish.Stats{VideoPacketsSent: 2, AudioPacketsSent: 3}
	require.Equal(t, sent, summaryText(s))
	s.FramesLost, s.FramesDropped = 1, 1
	require.Equal(t, sent+"; 1 frame not sent; 1 frame lost with the connection", summaryText(s))
	s.FramesLost, s.FramesDropped, s.Reconnects = 2, 0, 1
	require.Equal(t, sent+"; 2 frames lost with the connection, which was made again once", summaryText(s))
	s = publish.Stats{VideoPacketsSent: 1, AudioPacketsSent: 1}
	require.Contains(t, summaryText(s), "sent 1 video and 1 audio frame, ")

	require.EqualError(t, &lostError{frames: 1, reconnects: 2},
		"the connection was lost and made again 2 times: 1 frame may be missing, and so may what was under way (outage-buffer is off)")
	require.EqualError(t, &lostError{frames: 2, reconnects: 1, held: true},
		"the connection was lost and made again once: 2 frames may be missing; a larger outage-buffer or outage-memory, or an outage-spool, holds more")
	require.ErrorContains(t, &lostError{frames: 0, reconnects: 1}, "made again once: 0 frames may be missing")
}
