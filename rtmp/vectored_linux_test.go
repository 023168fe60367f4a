//go:build !386

package rtmp

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVectoredNeverWaits: also where somebody has made the socket a blocking one,
// the deadline holds.
func TestVectoredNeverWaits(t *testing.T) { stallsAndGoesOn(t, true) }

// TestVectoredAllocatesNothing: not even for the kernel's form of the vector.
func TestVectoredAllocatesNothing(t *testing.T) {
	v, peer := vectoredPair(t)
	go func() {
		b := make([]byte, 1<<16)
		for {
			if _, err := peer.Read(b); err != nil {
				return
			}
		}
	}()
	a, b := someBytes(500), someBytes(1500)
	slices := make([][]byte, 2)
	vector := new(net.Buffers)
	require.Zero(t, testing.AllocsPerRun(200, func() {
		slices[0], slices[1] = a, b
		*vector = slices
		if _, err := v.write(vector); err != nil {
			t.Error(err)
		}
	}))
}
