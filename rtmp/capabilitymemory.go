package rtmp

import (
	"strings"
	"sync"
	"time"
)

const (
	// plainFor is how long a server is spared the capabilities: it may be
	// updated, and what looked like choking may have been the network.
	plainFor = time.Hour
	// maxPlain bounds the servers that are remembered.
	maxPlain = 256
)

// plainServers are those that took a session without capabilities right after
// they had failed at them. All sessions of the process share them.
var plainServers serverMemory

// serverMemory remembers servers by host and port, for plainFor each. Any
// goroutine may use it.
type serverMemory struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// remember adds a server, in place of the oldest one when there is no room.
func (m *serverMemory) remember(addr string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.until == nil {
		m.until = map[string]time.Time{}
	}
	addr = strings.ToLower(addr)
	delete(m.until, addr)
	if len(m.until) >= maxPlain {
		m.forgetOldest()
	}
	m.until[addr] = time.Now().Add(plainFor)
}

func (m *serverMemory) forgetOldest() {
	var oldest string
	for addr, until := range m.until {
		if oldest == "" || until.Before(m.until[oldest]) {
			oldest = addr
		}
	}
	delete(m.until, oldest)
}

// has tells whether a server is remembered, and drops one whose time is over.
func (m *serverMemory) has(addr string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	addr = strings.ToLower(addr)
	until, ok := m.until[addr]
	if ok && !time.Now().Before(until) {
		delete(m.until, addr)
		return false
	}
	return ok
}
