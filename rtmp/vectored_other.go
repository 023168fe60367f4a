//go:build !linux || 386

package rtmp

import "net"

// vectored is package net's own way.
type vectored struct{ conn *net.TCPConn }

func newVectored(conn *net.TCPConn) (*vectored, error) { return &vectored{conn}, nil }

// write writes the vector and consumes it, or what of it goes until the
// connection's deadline.
func (v *vectored) write(vector *net.Buffers) (int64, error) { return vector.WriteTo(v.conn) }
