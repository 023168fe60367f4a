package rtmp

import (
	"syscall"
	"time"
	"unsafe"
)

// tcpInfo is the beginning of struct tcp_info (linux/tcp.h), which newer kernels
// have lengthened at its end. Every field lies at a multiple of its size, so
// that the layout is one on all processors.
type tcpInfo struct {
	state    uint8
	_        [6]uint8 // congestion state, retransmits, probes, backoff, options, window scales
	flags    uint8    // see appLimited
	_        [2]uint32
	sndMSS   uint32
	_        [12]uint32
	rtt      uint32 // microseconds
	rttVar   uint32
	_        uint32
	sndCwnd  uint32 // segments
	_        [4]uint32
	retrans  uint32 // in all
	_        [4]uint64
	_        [2]uint32
	notSent  uint32 // bytes
	minRTT   uint32 // microseconds
	_        [2]uint32
	delivery uint64 // bytes a second
}

// The offsets are the kernel's, or this does not compile.
const (
	_ = -(unsafe.Offsetof(tcpInfo{}.sndMSS) ^ 16)
	_ = -(unsafe.Offsetof(tcpInfo{}.rtt) ^ 68)
	_ = -(unsafe.Offsetof(tcpInfo{}.sndCwnd) ^ 80)
	_ = -(unsafe.Offsetof(tcpInfo{}.retrans) ^ 100)
	_ = -(unsafe.Offsetof(tcpInfo{}.notSent) ^ 144)
	_ = -(unsafe.Offsetof(tcpInfo{}.minRTT) ^ 148)
	_ = -(unsafe.Offsetof(tcpInfo{}.delivery) ^ 160)
	_ = -(unsafe.Sizeof(tcpInfo{}) ^ 168)
)

const (
	// tcpInfoNeeded is as much as every kernel that Go runs on tells: up to the
	// retransmits. What follows has come with 4.6 and 4.9, and stays 0 before.
	tcpInfoNeeded = unsafe.Offsetof(tcpInfo{}.retrans) + 4
	// appLimited is tcpi_delivery_rate_app_limited, the first bit of a field
	// whose bits processors count from either end.
	appLimited = 0x81
	// stateClosed is TCP_CLOSE: a reset has thrown away what was not sent, and
	// the counts with it.
	stateClosed = 7
)

// socketQuery is what the kernel writes its answers to.
type socketQuery struct {
	info   tcpInfo
	length uint32
}

// ask asks for the bytes first: the state that comes behind them says whether
// they still counted. Neither call waits, so that the runtime need not know of it
// (see vectored).
func (q *socketQuery) ask(fd uintptr, _ uint64) (NetworkStats, bool) {
	outstanding, ok := unacknowledged(fd)
	q.info, q.length = tcpInfo{}, uint32(unsafe.Sizeof(q.info))
	_, _, errno := syscall.RawSyscall6(sysGetsockopt, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO,
		uintptr(unsafe.Pointer(&q.info)), uintptr(unsafe.Pointer(&q.length)), 0) //nolint:gosec // the kernel writes no more than length there
	i := &q.info
	if !ok || errno != 0 || uintptr(q.length) < tcpInfoNeeded || i.state == stateClosed {
		return NetworkStats{}, false
	}
	if i.minRTT == ^uint32(0) { // none was measured
		i.minRTT = 0
	}
	return NetworkStats{
		RTT:              time.Duration(i.rtt) * time.Microsecond,
		RTTVar:           time.Duration(i.rttVar) * time.Microsecond,
		MinRTT:           time.Duration(i.minRTT) * time.Microsecond,
		Retransmits:      uint64(i.retrans),
		DeliveryRate:     8 * i.delivery,
		AppLimited:       i.flags&appLimited != 0,
		CongestionWindow: uint64(i.sndCwnd) * uint64(i.sndMSS),
		Outstanding:      uint64(outstanding),
		Unsent:           uint64(i.notSent),
	}, true
}
