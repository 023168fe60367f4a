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
// probes of keep-alive, which are counted in seconds.
func setPeerTimeout(conn net.Conn, limit time.Duration) error {
	tcp, ok := conn.(*net.TCPConn)
	if !ok || limit <= 0 {
		return nil
	}
	probe := max(limit/(keepAliveProbes+1), time.Second)
	err := tcp.SetKeepAliveConfig(net.KeepAliveConfig{
		Enable: true, Idle: probe, Interval: probe, Count: min(keepAliveProbes, max(int(limit/probe)-1, 1)),
	})
	if err != nil {
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

// peerDead tells the system's word for a peer that does not acknowledge.
func peerDead(err error) bool {
	for _, dead := range peerTimedOut {
		if errors.Is(err, dead) {
			return true
		}
	}
	return false
}
