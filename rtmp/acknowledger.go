package rtmp

const (
	// restartAt is where nginx-rtmp and Node-Media-Server begin to count from 0
	// again: at the first read that brings them there or beyond.
	restartAt = 0xF0000000
	// aroundWrap is how far from a wrap the counts before and behind it may be:
	// more than any server was seen to let pass between two acknowledgements.
	aroundWrap = 1 << 26
	// standingStill is how many acknowledgements in a row may bring nothing new,
	// for two windows of bytes.
	standingStill = 3
)

// acknowledger judges what a server acknowledges (RTMP 1.0, section 5.4.3). Its
// count has 32 bits, and may begin with the handshake or behind it: it is taken
// for a position behind the connection's first byte, which is the smaller and
// so the safe reading. A server that is found out stays so.
type acknowledger struct {
	position uint64 // what it surely has, by its own words
	heard    uint64 // how often it acknowledged
	reason   string // what is wrong with it; empty: nothing
	gap      uint64 // the most that it let pass between two acknowledgements that brought something
	last     uint32 // its count
	still    int    // acknowledgements in a row that brought nothing
	since    uint64 // what may have been sent when the first of these came
}

// hear takes an acknowledgement, given how many bytes may have left at most.
func (a *acknowledger) hear(count uint32, offered, window uint64) {
	a.heard++
	if a.reason != "" {
		return
	}
	position, fine := a.follow(count)
	switch {
	case !fine:
		a.reason = "its count goes back"
	case position > offered:
		a.reason = "it acknowledges more than was sent"
	case position > a.position:
		a.gap = max(a.gap, position-a.position)
		a.position, a.last, a.still = position, count, 0
	case a.still == 0:
		a.still, a.since = 1, offered
	default:
		if a.still++; a.still >= standingStill && offered-a.since >= 2*window {
			a.reason = "its count stands still"
		}
	}
}

// follow finds the position that a count stands for: false when it goes back.
// Behind a wrap that loses bytes the position is too small by these.
func (a *acknowledger) follow(count uint32) (uint64, bool) {
	switch last := a.last; {
	case count >= last:
		return a.position + uint64(count-last), true
	case count > aroundWrap:
		return 0, false
	case last >= 1<<32-aroundWrap:
		return a.position + uint64(count-last), true // modulo 2^32
	case last < restartAt && last >= restartAt-aroundWrap:
		return a.position + uint64(restartAt-last) + uint64(count), true
	}
	return 0, false
}
