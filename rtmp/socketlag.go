package rtmp

import "time"

const (
	// socketLag is for how long the peer's TCP must have had bytes before they
	// count: its program reads them within that time, or has never read them
	// when it resets the connection.
	socketLag = time.Second
	// socketLook is the least time between two looks at the socket.
	socketLook = 100 * time.Millisecond
)

// lagging remembers for socketLag what the peer's TCP has taken. What came
// before that counts.
type lagging struct {
	ring [socketLag/socketLook + 2]struct {
		at    time.Time
		taken uint64
	}
	first, n int
	looked   time.Time
	known    bool   // the socket could tell, once
	settled  uint64 // what counts
}

// due tells whether it is time for another look.
func (l *lagging) due(now time.Time) bool { return now.Sub(l.looked) >= socketLook }

// look notes what the peer's TCP has taken by now, where the socket tells.
func (l *lagging) look(now time.Time, taken uint64, ok bool) {
	l.looked = now
	l.settle(now)
	if !ok || l.n == len(l.ring) {
		return
	}
	at := &l.ring[(l.first+l.n)%len(l.ring)]
	at.at, at.taken = now, taken
	l.n, l.known = l.n+1, true
}

// settle counts what is old enough.
func (l *lagging) settle(now time.Time) {
	for l.n > 0 && now.Sub(l.ring[l.first].at) >= socketLag {
		l.settled = max(l.settled, l.ring[l.first].taken)
		l.first, l.n = (l.first+1)%len(l.ring), l.n-1
	}
}
