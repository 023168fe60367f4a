package publish

import "math"

const (
	// maxTimeout is the longest timeout in milliseconds: an hour is longer than
	// anybody waits.
	maxTimeout = 3600_000
	// maxReconnect is the longest wait between two attempts: a day.
	maxReconnect = 24 * 3600_000
)

// Fields is the option table bound to o: setting a Field's Value changes o. The
// order is that of the specification, section 4.
func (o *Options) Fields() []Field {
	defaults := DefaultOptions()
	all, untouched := o.table(), defaults.table()
	for i := range all {
		all[i].Default = untouched[i].Value.String()
	}
	return all
}

// table is Fields without the defaults.
func (o *Options) table() []Field {
	all := make([]Field, 0, 64) // room for all of them
	for _, group := range []struct {
		heading string
		fields  []Field
	}{
		{"Where to publish", o.targetFields()},
		{"Buffers", o.bufferFields()},
		{"Outages", o.outageFields()},
		{"Times", o.timeFields()},
		{"Reconnect", o.reconnectFields()},
		{"Session", o.sessionFields()},
		{"Transport", o.transportFields()},
		{"Log", o.logFields()},
	} {
		for _, f := range group.fields {
			f.Group = group.heading
			all = append(all, f)
		}
	}
	return all
}

// targetFields say where to publish, and as whom.
func (o *Options) targetFields() []Field {
	return []Field{
		{Name: "url", Label: "RTMP url", Value: (*urlValue)(&o.URL), Secret: true, mask: o.shownURL,
			Help: "where to publish: rtmp://host[:port]/application+stream or rtmp://host/app/stream"},
		{Name: "url-delimiter", Label: "URL delimiter", Value: (*stringValue)(&o.URLDelimiter),
			Help: "splits application and stream; empty: only the last / does"},
		{Name: "stream-key", Label: "Stream key", Value: (*stringValue)(&o.StreamKey), Secret: true, File: "stream-key-file",
			Help: "the key, when the url is the application's alone"},
		{Name: "backup-urls", Label: "Backup urls", Value: (*listValue)(&o.BackupURLs), Secret: true, mask: shownURLs,
			Help: "tried in this order when the url fails, separated by spaces"},
		{Name: "backup-return", Label: "Return to the first url", Value: (*boolValue)(&o.BackupReturn),
			Help: "begin each reconnect with the first url again; off: with the one that worked last (for 2 s at least)"},
		{Name: "auth", Label: "Use Authentication", Choices: authModes, CommandLine: "on", Value: choice(&o.Auth, authModes),
			Help: "RTMP authentication with username and password; on: as the server asks for (credentials in the url are always used)"},
		{Name: "username", Label: "User name", Value: (*stringValue)(&o.Username),
			Help: "user name for RTMP authentication"},
		{Name: "password", Label: "Password", Value: (*stringValue)(&o.Password), Secret: true, File: "password-file",
			Help: "password for RTMP authentication"},
	}
}

// bufferFields say how much waits where.
func (o *Options) bufferFields() []Field {
	return []Field{
		{Name: "output-buffer-size", Label: "Output buffer size", Unit: "bytes", Max: math.MaxInt32, CommandLine: "67108864", Value: (*intValue)(&o.OutputBufferSize),
			Help: "the application buffer; 0: Write returns when the frame is on the socket"},
		{Name: "output-packet-size", Label: "Output packet size", Unit: "bytes", Max: 1 << 20, Value: (*intValue)(&o.OutputPacketSize),
			Help: "small messages are gathered into network writes of at least this size when more is waiting; 0: as they come"},
		{Name: "socket-buffer-size", Label: "Socket buffer size", Unit: "bytes", Max: 1 << 30, Value: (*intValue)(&o.SocketBufferSize),
			Help: "SO_SNDBUF; 0: the system's own"},
		{Name: "chunk-size", Label: "Chunk size", Unit: "bytes", Min: 128, Max: 1 << 20, Value: (*intValue)(&o.ChunkSize),
			Help: "RTMP chunk size that is announced; 4096 for careful servers"},
		{Name: "tcp-no-delay", Label: "TCP No Delay", CommandLine: "on", Value: (*boolValue)(&o.TCPNoDelay),
			Help: "send small packets at once (TCP_NODELAY)"},
		{Name: "live-mode", Label: "Live Mode", Value: (*boolValue)(&o.LiveMode),
			Help: "on: inputs never block; off: inputs wait while the buffer is full"},
		{Name: "buffer-overflow-mode", Label: "Buffer overflow", Choices: overflowModes, Value: choice(&o.BufferOverflow, overflowModes),
			Help: "what a full buffer does in live mode: refuse the new frame, or drop video up to the next keyframe"},
		{Name: "latency-cap", Label: "Latency cap", Unit: "ms", Max: maxTimeout, Value: (*millisValue)(&o.LatencyCap),
			Help: "bound on how long a frame waits in live mode: late pictures are dropped, those that nothing depends on first; 0: none"},
		{Name: "bitrate-advice", Label: "Bitrate advice", Value: (*boolValue)(&o.BitrateAdvice),
			Help: "tell an outside encoder what bit rate to take, as the network goes"},
		{Name: "bitrate-floor", Label: "Bitrate floor", Unit: "bits/s", Max: math.MaxInt32, Value: (*intValue)(&o.BitrateFloor),
			Help: "lowest advice, of video; 0: 100000"},
		{Name: "bitrate-ceiling", Label: "Bitrate ceiling", Unit: "bits/s", Max: math.MaxInt32, Value: (*intValue)(&o.BitrateCeiling),
			Help: "highest advice, of video; 0: the highest rate that came so far"},
	}
}

// outageFields say what is held over an outage.
func (o *Options) outageFields() []Field {
	return []Field{
		{Name: "outage-buffer", Label: "Outage buffer", Unit: "ms", Max: maxTimeout, CommandLine: "30000", Value: (*millisValue)(&o.OutageBuffer),
			Help: "how much stream is held over an outage, so that nothing is lost; 0: none"},
		{Name: "outage-mode", Label: "After an outage", Choices: outageModes, Value: choice(&o.OutageMode, outageModes),
			Help: "resume: send all that is held, in order; live: begin with the newest keyframe and leave the rest out"},
		{Name: "outage-memory", Label: "Outage memory", Unit: "bytes", Min: 1 << 20, Max: math.MaxInt32, Value: (*intValue)(&o.OutageMemory),
			Help: "how much of the outage buffer is held in memory"},
		{Name: "outage-spool", Label: "Outage spool", Value: (*stringValue)(&o.OutageSpool),
			Help: "folder for what of the outage buffer memory does not hold; empty: none"},
		{Name: "outage-spool-size", Label: "Outage spool size", Unit: "MiB", Min: 16, Max: 1 << 20, Value: (*intValue)(&o.OutageSpoolSize),
			Help: "bound on the files in the outage spool"},
		{Name: "catch-up-rate", Label: "Catch-up rate", Unit: "percent", OrZero: true, Min: 101, Max: 10000, Value: (*intValue)(&o.CatchUpRate),
			Help: "how fast what was held is sent, in percent of real time; 0: as fast as the network takes it"},
	}
}

// timeFields say how times are made and told.
func (o *Options) timeFields() []Field {
	return []Field{
		{Name: "allow-b-frames", Label: "Allow B frames", Value: (*boolValue)(&o.AllowBFrames),
			Help: "reconstruct decode times of presentation-only samples; off: decode time is presentation time"},
		{Name: "write-timecode", Label: "Write Timecode", Value: (*boolValue)(&o.WriteTimecode),
			Help: "send timecodes as onFI data messages"},
		{Name: "first-timecode", Label: "First Timecode", Value: (*timecodeValue)(&o.FirstTimecode),
			Help: "the stream's first timecode: HH:MM:SS:FF (HH:MM:SS;FF counts drop-frame), HH:MM:SS.mmm or milliseconds"},
		{Name: "embed-system-time", Label: "Embed System Time as Timecode", Value: (*boolValue)(&o.EmbedSystemTime),
			Help: "timecodes are UTC date and time; off: stream time"},
		{Name: "timecode-interval", Label: "Timecode interval", Unit: "ms", Min: 1000, Max: maxTimeout, Value: (*millisValue)(&o.TimecodeInterval),
			Help: "how often a timecode is sent"},
	}
}

// reconnectFields say what happens when the connection is lost.
func (o *Options) reconnectFields() []Field {
	return []Field{
		{Name: "reconnect-attempts", Label: "Attempts", Unit: "attempts", Max: math.MaxInt32, Value: (*intValue)(&o.ReconnectAttempts),
			Help: "how often a lost connection is tried again; 0: never; the count starts again after a success, which is a connection of 2 s"},
		{Name: "reconnect-interval", Label: "Interval", Unit: "ms", Max: maxReconnect, Value: (*millisValue)(&o.ReconnectInterval),
			Help: "wait before the next attempt; below 100: never reconnect"},
		{Name: "reconnect-max-interval", Label: "Maximum interval", Unit: "ms", Max: maxReconnect, CommandLine: "30000", Value: (*millisValue)(&o.ReconnectMaxInterval),
			Help: "the wait doubles from attempt to attempt, with jitter, up to this; 0: it stays constant"},
		{Name: "reconnect-unlimited", Label: "Reconnect without limit", CommandLine: "on", Unless: "reconnect-attempts", Value: (*boolValue)(&o.ReconnectUnlimited),
			Help: "overrides the attempts: they never end"},
		{Name: "reconnect-on-start", Label: "Reconnect on start", Value: (*boolValue)(&o.ReconnectOnStart),
			Help: "keep trying when the very first connection fails"},
		{Name: "reconnect-restart-time", Label: "Restart time after reconnect", Value: (*boolValue)(&o.ReconnectRestartTime),
			Help: "timestamps begin at 0 after a reconnect; off: they go on from where they were"},
		{Name: "handover", Label: "Handover", Value: (*boolValue)(&o.Handover),
			Help: "follow a server that asks to connect anew (Enhanced RTMP), without a gap; off: servers are not told that it could be asked"},
	}
}

// sessionFields say what is told to the server, and how long to wait for it.
func (o *Options) sessionFields() []Field {
	return []Field{
		{Name: "publish-mode", Label: "Publish mode", Choices: publishModes, Value: choice(&o.PublishMode, publishModes),
			Help: "the publish type told to the server"},
		{Name: "connect-timeout", Label: "Connect timeout", Unit: "ms", Min: 1, Max: maxTimeout, Value: (*millisValue)(&o.ConnectTimeout),
			Help: "bound on connecting with all its steps"},
		{Name: "send-timeout", Label: "Send timeout", Unit: "ms", Min: 1, Max: maxTimeout, Value: (*millisValue)(&o.SendTimeout),
			Help: "bound on a write that makes no progress"},
		{Name: "receive-timeout", Label: "Receive timeout", Unit: "ms", Min: 1, Max: maxTimeout, Value: (*millisValue)(&o.ReceiveTimeout),
			Help: "bound on the wait for one answer while connecting"},
		{Name: "peer-timeout", Label: "Peer timeout", Unit: "ms", OrZero: true, Min: 1000, Max: maxTimeout, Value: (*millisValue)(&o.PeerTimeout),
			Help: "bound on noticing a dead peer while publishing; 0: as the system does"},
		{Name: "client-agent", Label: "Client agent", Value: (*stringValue)(&o.ClientAgent),
			Help: "flashVer told to the server"},
		{Name: "connect-info", Label: "Connect info", Secret: true, Value: (*connectInfoValue)(&o.ConnectInfo),
			Help: "flat JSON object sent with the connect command"},
		{Name: "handshake", Label: "Handshake", Choices: handshakeModes, Value: choice(&o.Handshake, handshakeModes),
			Help: "auto: simple, and digest where the server refuses that"},
	}
}

// transportFields say which way the bytes take.
func (o *Options) transportFields() []Field {
	return []Field{
		{Name: "fallback-ports", Label: "Fallback ports", Value: (*boolValue)(&o.FallbackPorts),
			Help: "try ports 443 and 80 when 1935 can't be reached"},
		{Name: "fallback-tunnel", Label: "Fallback tunnel", Value: (*boolValue)(&o.FallbackTunnel),
			Help: "try RTMPT on ports 80, 443 and 1935 when RTMP can't be reached"},
		{Name: "proxy", Label: "Proxy", Value: (*proxyValue)(&o.Proxy), Secret: true, mask: shownProxy, CommandLine: "environment",
			Help: "direct, environment (ALL_PROXY; HTTPS_PROXY for rtmps, HTTP_PROXY for rtmpt; NO_PROXY; never for this machine), or socks5://, http:// or https://[user:password@]host:port"},
		{Name: "bind", Label: "Local address", Value: (*stringValue)(&o.Bind),
			Help: "local address or network interface to connect from"},
		{Name: "tls-ca-file", Label: "TLS authorities", Value: (*stringValue)(&o.TLSCAFile),
			Help: "certificate authorities to trust (PEM) instead of the system's"},
		{Name: "tls-cert-file", Label: "TLS client certificate", Value: (*stringValue)(&o.TLSCertFile),
			Help: "client certificate (PEM)"},
		{Name: "tls-key-file", Label: "TLS client key", Value: (*stringValue)(&o.TLSKeyFile),
			Help: "the client certificate's key (PEM)"},
		{Name: "tls-server-name", Label: "TLS server name", Value: (*stringValue)(&o.TLSServerName),
			Help: "name to ask for and to verify; empty: the url's host"},
		{Name: "tls-min-version", Label: "TLS minimum version", Choices: tlsVersions, Value: (*tlsVersionValue)(&o.TLSMinVersion),
			Help: "lowest TLS version accepted"},
		{Name: "tls-verify", Label: "TLS verification", Value: (*boolValue)(&o.TLSVerify),
			Help: "verify the server's certificate; off is for tests only"},
	}
}

// logFields say what is written down.
func (o *Options) logFields() []Field {
	return []Field{
		{Name: "log-file", Label: "Log file", Value: (*stringValue)(&o.LogFile),
			Help: "write the log to this file; its folder must exist"},
		{Name: "trace", Label: "Trace level", Max: 9, Value: (*intValue)(&o.Trace),
			Help: "how much is logged: 0 what a person must know, 3 connection steps, 6 commands and statistics, 9 every message"},
	}
}
