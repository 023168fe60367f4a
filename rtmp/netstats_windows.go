package rtmp

import (
	"net"
	"syscall"
	"time"
	"unsafe"
)

// sioTCPInfo is SIO_TCP_INFO: _WSAIORW(IOC_VENDOR, 39) (mstcpip.h). Its input
// is the version of the answer: 0.
const sioTCPInfo = 0xD8000027

// tcpInfo is TCP_INFO_v0 (mstcpip.h).
type tcpInfo struct {
	state             uint32
	mss               uint32
	_                 uint64 // age
	timestampsEnabled uint8
	rttUs             uint32
	minRTTUs          uint32
	bytesInFlight     uint32
	cwnd              uint32
	_                 [3]uint32 // windows, receive buffer
	bytesOut          uint64
	_                 uint64 // in
	_                 uint32 // reordered
	bytesRetrans      uint32
	_                 [3]uint32 // counts of repairs
	_                 uint8
}

// The offsets are the system's, or this does not compile.
const (
	_ = -(unsafe.Offsetof(tcpInfo{}.timestampsEnabled) ^ 16)
	_ = -(unsafe.Offsetof(tcpInfo{}.rttUs) ^ 20)
	_ = -(unsafe.Offsetof(tcpInfo{}.cwnd) ^ 32)
	_ = -(unsafe.Offsetof(tcpInfo{}.bytesOut) ^ 48)
	_ = -(unsafe.Offsetof(tcpInfo{}.bytesRetrans) ^ 68)
	_ = -(unsafe.Sizeof(tcpInfo{}) ^ 88)
)

// The states in which nothing that is written arrives any more.
const (
	stateClosed   = 0
	stateTimeWait = 10
)

// socketQuery is what the system writes its answers to.
type socketQuery struct {
	info            tcpInfo
	version, length uint32
	// retransmitted is bytesRetrans without its wrap at 2^32, which comes within
	// days on a bad line; last is where that stood.
	retransmitted uint64
	last          uint32
}

// get asks the system, which knows no answer before Windows 10 1703.
func (q *socketQuery) get(fd uintptr) bool {
	err := syscall.WSAIoctl(syscall.Handle(fd), sioTCPInfo, (*byte)(unsafe.Pointer(&q.version)), uint32(unsafe.Sizeof(q.version)),
		(*byte)(unsafe.Pointer(&q.info)), uint32(unsafe.Sizeof(q.info)), &q.length, nil, 0)
	if err != nil || uintptr(q.length) < unsafe.Sizeof(q.info) {
		return false
	}
	q.retransmitted += uint64(q.info.bytesRetrans - q.last)
	q.last = q.info.bytesRetrans
	return true
}

// ask finds what is outstanding from what was written and what TCP has taken of
// it and sent: the system does not tell it.
func (q *socketQuery) ask(fd uintptr, written uint64) (NetworkStats, bool) {
	if !q.get(fd) || q.info.state == stateClosed || q.info.state >= stateTimeWait {
		return NetworkStats{}, false
	}
	i := &q.info
	s := NetworkStats{
		RTT:              time.Duration(i.rttUs) * time.Microsecond,
		CongestionWindow: uint64(i.cwnd),
		Unsent:           less(written, q.sentOnce()),
	}
	if i.minRTTUs != ^uint32(0) {
		s.MinRTT = time.Duration(i.minRTTUs) * time.Microsecond
	}
	if i.mss > 0 {
		s.Retransmits = (q.retransmitted + uint64(i.mss) - 1) / uint64(i.mss)
	}
	s.Outstanding = s.Unsent + uint64(i.bytesInFlight)
	return s, true
}

// sentOnce is how many bytes were sent at least once. Should BytesOut be
// without those sent again, it is too small, which errs on the safe side.
func (q *socketQuery) sentOnce() uint64 { return less(q.info.bytesOut, q.retransmitted) }

func less(a, b uint64) uint64 { return a - min(a, b) }

// sentBefore is how many bytes a socket has sent, nothing of which is under way:
// the greeting of a proxy, which answered it.
func sentBefore(conn net.Conn) (n uint64) {
	tcp, ok := beneath(conn).(*net.TCPConn)
	if !ok {
		return 0
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { // a closed one is of no use later either
			if q := new(socketQuery); q.get(fd) {
				n = q.sentOnce()
			}
		})
	}
	return n
}
