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

// peerTimedOut has the socket errors of a peer that does not acknowledge.
var peerTimedOut = []error{
	syscall.Errno(10052), // WSAENETRESET: keep-alive got no answer
	syscall.Errno(10060), // WSAETIMEDOUT
}
