package network

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSourceAddress comes from an address that is not the one the system
// takes: on Linux all of 127.0.0.0/8 is this machine's.
func TestSourceAddress(t *testing.T) {
	require.Equal(t, "127.0.0.2", seen(t, "127.0.0.2").String())
}
