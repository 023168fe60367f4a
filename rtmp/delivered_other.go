//go:build !linux

package rtmp

import (
	"context"
	"net"
)

// delivered cannot be told on this system: what was written counts.
func delivered(context.Context, net.Conn) error { return nil }
