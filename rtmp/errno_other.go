//go:build !windows

package rtmp

import "syscall"

// connectionRefused is the error of a port on which no one listens.
const connectionRefused = syscall.ECONNREFUSED

// peerClosed has the socket errors of a connection that the peer has ended.
var peerClosed = []error{syscall.ECONNRESET, syscall.EPIPE}

// peerTimedOut has the socket errors of a peer that does not acknowledge.
var peerTimedOut = []error{syscall.ETIMEDOUT}
