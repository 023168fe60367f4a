package rtmp

import (
	"syscall"
	"time"
	"unsafe"
)

// tcpConnectionInfoOption is TCP_CONNECTION_INFO (netinet/tcp.h).
const tcpConnectionInfoOption = 0x106

// tcpConnectionInfo is struct tcp_connection_info (netinet/tcp.h). The system
// packs it to four bytes, and every wide field lies at a multiple of eight.
type tcpConnectionInfo struct {
	state       uint8
	_           [3]uint8  // window scales
	_           [4]uint32 // options, flags, timeout, segment size
	_           uint32    // threshold
	sndCwnd     uint32    // bytes
	_           uint32
	sndBuffered uint32 // bytes in the send buffer, those under way included
	_           [2]uint32
	srtt        uint32 // milliseconds
	rttVar      uint32 // milliseconds
	_           uint32 // a bit for fast open
	_           [6]uint64
	retransmits uint64 // packets
}

// The offsets are the system's, or this does not compile.
const (
	_ = -(unsafe.Offsetof(tcpConnectionInfo{}.sndCwnd) ^ 24)
	_ = -(unsafe.Offsetof(tcpConnectionInfo{}.sndBuffered) ^ 32)
	_ = -(unsafe.Offsetof(tcpConnectionInfo{}.srtt) ^ 44)
	_ = -(unsafe.Offsetof(tcpConnectionInfo{}.retransmits) ^ 104)
	_ = -(unsafe.Sizeof(tcpConnectionInfo{}) ^ 112)
)

// stateClosed is TCPS_CLOSED (netinet/tcp_fsm.h).
const stateClosed = 0

// socketQuery is what the system writes its answers to.
type socketQuery struct {
	info   tcpConnectionInfo
	length uint32
}

func (q *socketQuery) ask(fd uintptr, _ uint64) (NetworkStats, bool) {
	q.info, q.length = tcpConnectionInfo{}, uint32(unsafe.Sizeof(q.info))
	_, _, errno := syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, tcpConnectionInfoOption,
		uintptr(unsafe.Pointer(&q.info)), uintptr(unsafe.Pointer(&q.length)), 0)
	i := &q.info
	if errno != 0 || uintptr(q.length) < unsafe.Sizeof(q.info) || i.state == stateClosed {
		return NetworkStats{}, false
	}
	return NetworkStats{
		RTT:              time.Duration(i.srtt) * time.Millisecond,
		RTTVar:           time.Duration(i.rttVar) * time.Millisecond,
		Retransmits:      i.retransmits,
		CongestionWindow: uint64(i.sndCwnd),
		Outstanding:      uint64(i.sndBuffered),
	}, true
}
