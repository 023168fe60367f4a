//go:build !windows

package rtmp

import "net"

// sentBefore matters where the system tells what was sent alone.
func sentBefore(net.Conn) uint64 { return 0 }
