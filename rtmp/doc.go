// Package rtmp is one publishing session with an RTMP server: dial, handshake,
// connect, publish, write, close. It never reconnects and never queues; that is
// package publish's work.
//
// Errors are typed: *OpError says what failed with which peer, *StatusError
// carries the server's own words, *URLError the wrong part of a URL, and
// Retryable tells whether trying again makes sense.
package rtmp
