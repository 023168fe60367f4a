package publish

import (
	"time"

	"rtmpwriter/rtmp"
)

// Options is everything that a user can set (specification, section 4). It is
// plain data: any door binds it through Fields. The zero value is not useful,
// start from DefaultOptions.
type Options struct {
	// URL is where to publish (section 3). A secret: it may hold key and
	// password.
	URL string
	// URLDelimiter splits application and stream in URL; empty: the last slash.
	URLDelimiter string
	// StreamKey is the key when URL is the application's alone. A secret.
	StreamKey string
	// BackupURLs are tried in their order when the one before fails; each is
	// written as URL is, with StreamKey the application's alone. Secrets.
	BackupURLs []string
	// BackupReturn begins each reconnect with URL again; off: a reconnect
	// begins with the URL that worked last.
	BackupReturn bool

	// Auth says how Username and Password are used. Credentials in URL are
	// used whatever it says.
	Auth rtmp.AuthMode
	// Username and Password are for RTMP authentication. Password is a secret.
	Username, Password string

	// OutputBufferSize is the application buffer in bytes, up to 2^31-1; 0: Write
	// returns when the frame is on the socket. A frame counts for 256 bytes at
	// least. With a buffer and without a LatencyCap sound waits some 40 ms to leave
	// along with the next picture, 200 ms at most where nothing more comes.
	OutputBufferSize int
	// OutputPacketSize is how many bytes a network write gathers at least when
	// more is waiting, up to 1 MiB; 0: a write a message. Without LiveMode it is
	// 128 KiB where this is less.
	OutputPacketSize int
	// SocketBufferSize is SO_SNDBUF in bytes, up to 1 GiB; 0: the system's.
	SocketBufferSize int
	// ChunkSize is the RTMP chunk size announced: 128 to 1048576 bytes.
	ChunkSize int
	// TCPNoDelay sets TCP_NODELAY.
	TCPNoDelay bool
	// LiveMode never blocks Write: BufferOverflow says what a full buffer does.
	LiveMode bool
	// BufferOverflow is what a full buffer does in live mode.
	BufferOverflow OverflowMode

	// LatencyCap bounds in live mode how long a frame waits, up to an hour: pictures
	// that are late are dropped, those that nothing depends on first, audio only
	// when it is later than three times the cap. It takes effect whatever
	// BufferOverflow says; 0: no bound. A backlog of an outage is exempt.
	LatencyCap time.Duration

	// OutageBuffer is how much stream is held for an outage, up to an hour; 0:
	// nothing is. What the server has not taken is held from the last keyframe
	// that it surely has, and what comes while there is no connection. In live mode
	// that is held too for which OutputBufferSize has no room, since a server that
	// takes nothing more may be gone, unless LatencyCap or OverflowDrop have it
	// dropped.
	OutageBuffer time.Duration
	// OutageMode is how the next session begins.
	OutageMode OutageMode
	// OutageMemory is how much of what waits is held in memory, 1 MiB to 2^31-1
	// bytes, or OutputBufferSize where that is more; and beside it as much of what is
	// on its way to the server, with the group of pictures that it has in part.
	OutageMemory int
	// OutageSpool is a folder for what memory does not hold; empty: none. Of
	// OutageSpoolSize MiB at most, 16 to 1048576. Nothing in it outlives the
	// publisher.
	OutageSpool     string
	OutageSpoolSize int // see OutageSpool
	// CatchUpRate is how fast the stream time of a held backlog runs, in percent
	// of real time: 101 to 10000; 0: as fast as the network takes it.
	CatchUpRate int

	// BitrateAdvice tells an outside encoder what bit rate to take: see
	// Publisher.WatchAdvice. BitrateFloor and BitrateCeiling bound that, in bits/s
	// of video up to 2^31-1; 0: 100000, and the highest rate seen.
	BitrateAdvice                bool
	BitrateFloor, BitrateCeiling int // see BitrateAdvice

	// AllowBFrames reconstructs decode times of presentation-only samples and
	// keeps those of other sources. Off: every frame's decode time is its
	// presentation time, whatever the source says, and a frame that is shown
	// before one that came earlier is shown late; Stats.FramesReordered counts
	// these.
	AllowBFrames bool
	// WriteTimecode sends timecodes as onFI data messages, every
	// TimecodeInterval (1 s to 1 h) of stream time. FirstTimecode is the
	// stream's first: HH:MM:SS:FF (HH:MM:SS;FF counts drop-frame), HH:MM:SS.mmm
	// or milliseconds. EmbedSystemTime sends UTC date and time instead.
	WriteTimecode, EmbedSystemTime bool
	FirstTimecode                  string // see WriteTimecode
	TimecodeInterval               time.Duration

	// ReconnectAttempts is how often a lost connection is tried again, up to
	// 2^31-1; 0: never. The count starts again after a success: a session that
	// lived for 2 s, or of which the server has acknowledged media.
	ReconnectAttempts int
	// ReconnectInterval is the wait before each attempt, up to a day; below
	// 100 ms: no reconnecting.
	ReconnectInterval time.Duration
	// ReconnectMaxInterval lets the wait double from attempt to attempt, with
	// jitter, up to this; not above ReconnectInterval: it stays constant.
	ReconnectMaxInterval time.Duration
	// ReconnectUnlimited overrides the attempts: they never end.
	ReconnectUnlimited bool
	// ReconnectOnStart also tries again when the very first connection fails, or
	// the server closes it without a word within a second.
	ReconnectOnStart bool
	// ReconnectRestartTime begins at timestamp 0 after a reconnect; off: time
	// goes on from where it was.
	ReconnectRestartTime bool

	// Handover follows a server that asks to connect anew (Enhanced RTMP v2,
	// Reconnect Request): the new session is made beside the old one and takes over
	// at a keyframe. It tells servers so (capsEx); one that cannot bear that is
	// connected to without.
	Handover bool

	// PublishMode is the publish type told to the server.
	PublishMode rtmp.PublishMode
	// ConnectTimeout bounds connecting with all its steps, SendTimeout a write
	// that makes no progress, ReceiveTimeout the wait for one answer while
	// connecting: each 1 ms to 1 h.
	ConnectTimeout, SendTimeout, ReceiveTimeout time.Duration
	// PeerTimeout bounds how long a dead peer, which neither acknowledges nor
	// resets, stays unnoticed while publishing: 1 s to 1 h; 0: as the system
	// does.
	PeerTimeout time.Duration
	// FallbackPorts tries 443 and 80 when 1935 can't be reached, FallbackTunnel
	// RTMPT on 80, 443 and 1935 when RTMP can't.
	FallbackPorts, FallbackTunnel bool
	// ClientAgent is told to the server as flashVer.
	ClientAgent string
	// ConnectInfo is a flat JSON object sent with the connect command.
	ConnectInfo string
	// Handshake chooses the handshake.
	Handshake rtmp.HandshakeMode

	// Proxy is "direct", "environment", or the URL of a proxy: socks5://,
	// http:// or https://, with user:password@ where it wants them. A secret.
	Proxy string
	// Bind is the local address or network interface to connect from; empty:
	// the system's choice.
	Bind string
	// TLSCAFile has the certificate authorities to trust (PEM) instead of the
	// system's; TLSCertFile and TLSKeyFile the client's certificate and key.
	TLSCAFile, TLSCertFile, TLSKeyFile string
	// TLSServerName is the name to ask for and to verify; empty: the URL's host.
	TLSServerName string
	// TLSMinVersion is the lowest TLS version accepted: "1.2" or "1.3".
	TLSMinVersion string
	// TLSVerify verifies the server's certificate.
	TLSVerify bool

	// LogFile is where the log goes, in a folder that exists; Trace, 0 to 9, how
	// much of it (section 9). Doors open the log: see WithLogger.
	LogFile string
	Trace   int // see LogFile
}

// DefaultOptions are the defaults of the specification, section 4, that hold in
// the library and in the DirectShow filter.
func DefaultOptions() Options {
	return Options{
		URLDelimiter:      "+",
		OutputBufferSize:  262144,
		OutputPacketSize:  1450,
		SocketBufferSize:  131072,
		ChunkSize:         65536,
		OutageMemory:      64 << 20,
		OutageSpoolSize:   1024,
		CatchUpRate:       200,
		AllowBFrames:      true,
		FirstTimecode:     "0",
		TimecodeInterval:  time.Second,
		ReconnectInterval: 5 * time.Second,
		Handover:          true,
		ConnectTimeout:    10 * time.Second,
		SendTimeout:       2 * time.Second,
		ReceiveTimeout:    time.Second,
		PeerTimeout:       10 * time.Second,
		ClientAgent:       rtmp.DefaultClientAgent,
		Proxy:             "direct",
		TLSMinVersion:     "1.2",
		TLSVerify:         true,
	}
}

// OverflowMode is what a full buffer does when inputs may not block
// (specification, section 4, buffer-overflow-mode).
type OverflowMode uint8

// The overflow modes.
const (
	OverflowNoDrop OverflowMode = iota // refuse the new frame with ErrBufferFull
	OverflowDrop                       // drop by the policy
)

// OutageMode is how a session begins after an outage.
type OutageMode uint8

// The outage modes.
const (
	OutageResume OutageMode = iota // with all that is held, in order, times untouched
	OutageLive                     // with the newest keyframe; the rest is lost and counted
)
