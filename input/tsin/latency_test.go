package tsin

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// TestLivePipe gives a picture out as soon as the first packet of the next one
// is there, and waits for nothing behind it.
func TestLivePipe(t *testing.T) {
	stream := load(t, "plain.ts")
	later := errors.New("more comes later")
	begun, here := 0, 0 // pictures that have begun, packets read
	for _, raw := range packets(stream) {
		here++
		if p := parsePacket(raw); p.pid != 256 || !p.start {
			continue
		}
		if begun++; begun < 4 {
			continue // Open wants to see sound first
		}
		live := iotest.HalfReader(io.MultiReader(bytes.NewReader(stream[:here*packetSize]), iotest.ErrReader(later)))
		s, err := Open(live, Options{})
		if err != nil {
			require.ErrorIs(t, err, later)
			continue
		}
		pictures := 0
		for {
			p, err := s.Next()
			if err != nil {
				require.ErrorIs(t, err, later)
				break
			}
			if p.Track == 0 {
				pictures++
			}
		}
		require.Equal(t, begun-1, pictures)
	}
	require.Greater(t, begun, 10)
}
