package tunnel

import "time"

const (
	// bufferSize is how many bytes Write takes that the transport has not: what
	// one request carries at most. One request is answered in one round trip,
	// so it allows for 20 Mbit/s where that takes 100 ms. HTTP servers and
	// proxies take bodies of 1 MiB without being asked to.
	bufferSize = 256 << 10
	// pieceSize is how much is handed to the transport at once, so that Write
	// sees a slow one move: the largest TLS record.
	pieceSize = 16384
	// headRoom is kept free before the bytes for a request's head: maxHost and
	// maxID, a number and 200 bytes of fixed text.
	headRoom = 640
	// maxHost bounds the server's name: 253 characters as the domain name
	// system has it, a port and brackets.
	maxHost = 264
	// maxUnread is how many of the server's bytes may wait for Read. A server
	// says little to a publisher; more waits in the transport.
	maxUnread = 64 << 10
	// maxHead bounds the status line and the headers of a reply, interim ones
	// included; real ones have some 200 bytes.
	maxHead = 16 << 10
	// maxBody bounds a reply's body; servers make them of 32 KiB or so.
	maxBody = 1 << 20
	// maxID bounds the session's name; real ones have 8 to 36 characters.
	maxID = 128

	// hintUnit is what a reply's first byte counts: 0x21, the most that servers
	// say, is known to be half a second.
	hintUnit = 15 * time.Millisecond
	// minPoll and maxPoll bound the time between two questions whether the
	// server has something to say. It begins short, since an answer is due
	// within milliseconds of what was sent, and doubles with every empty reply.
	minPoll = 10 * time.Millisecond
	maxPoll = 500 * time.Millisecond

	// replyLimit is how long a request may make no progress: 256 KiB at 70
	// kbit/s, all of it in the system's buffers already.
	replyLimit = 30 * time.Second
	// lastWords is how long a reply is looked for when the request could not be
	// sent: a server that refuses may reply and close before it has read it all.
	lastWords = 250 * time.Millisecond
	// closeLimit is how long Close waits for the server to hear of it.
	closeLimit = 500 * time.Millisecond
)
