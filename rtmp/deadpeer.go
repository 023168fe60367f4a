package rtmp

import (
	"errors"
	"net"
	"time"
)

// keepAliveProbes is how many probes an idle connection's bound has room for:
// one that is lost must not end a session.
const keepAliveProbes = 3

// setPeerTimeout has the system give a connection up whose peer has not
// acknowledged anything for limit: neither data nor, while nothing is sent, the
// probes of keep-alive.
func setPeerTimeout(conn net.Conn, limit time.Duration) error {
	tcp, ok := conn.(*net.TCPConn)
	if !ok || limit <= 0 {
		return nil
	}
	limit -= tooLate(limit)
	if err := tcp.SetKeepAliveConfig(keepAlive(limit)); err != nil {
		return err
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = setUnacknowledgedLimit(fd, limit) })
	return errors.Join(err, failed)
}

// tooLate is by how much systems pass over a bound: their timers are coarse, and
// look at it when something is due to be sent again. Linux was half a second
// late at bounds of 2 s, 5 s and 10 s.
func tooLate(limit time.Duration) time.Duration {
	return min(max(limit/10, 500*time.Millisecond), time.Second)
}

// keepAlive are probes of which the last one's time is up when limit is: in
// whole seconds, since systems count so and package net rounds up. Linux looks
// at its own bound (TCP_USER_TIMEOUT) only when a probe is due, so the
// probes must not pass over it.
func keepAlive(limit time.Duration) net.KeepAliveConfig {
	limit = max(limit.Truncate(time.Second), 2*time.Second)
	interval := max((limit / (keepAliveProbes + 1)).Truncate(time.Second), time.Second)
	count := min(keepAliveProbes, int(limit/interval)-1)
	return net.KeepAliveConfig{Enable: true, Idle: limit - time.Duration(count)*interval, Interval: interval, Count: count}
}

// peerDead tells the system's word for a peer that does not acknowledge.
func peerDead(err error) bool {
	for _, dead := range peerTimedOut {
		if errors.Is(err, dead) {
			return true
		}
	}
	return false
}
