//go:build !linux

package rtmp

import (
	"context"
	"net"
)

// unsent cannot be told on this system.
func unsent(net.Conn) int { return 0 }

// delivered cannot be told on this system: what was written counts.
func delivered(context.Context, net.Conn) error { return nil }
