package rtmp

import "syscall"

// connectionRefused is the error of a port on which no one listens. Windows
// sockets have numbers of their own.
const connectionRefused = syscall.Errno(10061) // WSAECONNREFUSED

// peerClosed has the socket errors of a connection that the peer has ended.
var peerClosed = []error{
	syscall.Errno(10053), // WSAECONNABORTED
	syscall.Errno(10054), // WSAECONNRESET
	syscall.ERROR_BROKEN_PIPE,
}
