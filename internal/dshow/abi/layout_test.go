package abi

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStatsLayout has the offsets that C programs on Windows are compiled with.
func TestStatsLayout(t *testing.T) {
	for _, c := range []struct {
		pointer, size int
		offsets       []int
	}{
		{4, 64, []int{0, 4, 8, 16, 24, 32, 36, 40, 44, 48, 52, 56, 60}},
		{8, 72, []int{0, 4, 8, 16, 24, 32, 36, 40, 48, 56, 60, 64, 68}},
	} {
		offsets, size := StatsLayout(c.pointer)
		require.Equal(t, c.offsets, offsets)
		require.Equal(t, c.size, size)
	}
}

func TestStatsFields(t *testing.T) {
	var names []string
	for _, f := range StatsFields() {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{
		"output_buffer_size", "output_buffer_fillness", "output_bitrate", "output_bitrate2", "output_bitrate3",
		"packetsRtt", "clientBytesReceived", "audio_packets_buffered", "video_packets_buffered",
		"audio_bitrate", "video_bitrate", "audio_packets_sent", "video_packets_sent",
	}, names)
}
