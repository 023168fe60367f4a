// abioptions.cpp: what every option of RTMPWriterOptions.h must be, with its numbers
// written out: a change of any of them is a change for programs that exist.
#include "abi.h"

#define NUMBER(name, Method, Property, low, high, standard)                                                     \
    { name, #Method, Kind::number, &PROPID_nanoRTMP##Property, false, low, high, standard, 0, 0, 0, 0,          \
      &IRTMPOptions::Set##Method, &IRTMPOptions::Get##Method, 0, 0, 0, 0 }
#define CHOICE(name, Method, Property, last, standard)                                                          \
    { name, #Method, Kind::choice, &PROPID_nanoRTMP##Property, false, 0, last, standard, 0, 0, 0, 0,            \
      &IRTMPOptions::Set##Method, &IRTMPOptions::Get##Method, 0, 0, 0, 0 }
#define ONOFF(name, Method, Property, standard)                                                                 \
    { name, #Method, Kind::onOff, &PROPID_nanoRTMP##Property, false, 0, 1, standard, 0, 0, 0, 0, 0, 0,          \
      &IRTMPOptions::Set##Method, &IRTMPOptions::Get##Method, 0, 0 }
#define WORDS(name, Method, Property, secret, standard, sample, shown, refused)                                 \
    { name, #Method, Kind::text, &PROPID_nanoRTMP##Property, secret, 0, 0, 0, standard, sample, shown, refused, \
      0, 0, 0, 0, &IRTMPOptions::Set##Method, &IRTMPOptions::Get##Method }

const std::vector<Option> options = {
    WORDS("url", Url, Url, true, L"", L"rtmp://127.0.0.1/live+myStream", L"rtmp://127.0.0.1/live+myStream", L"http://127.0.0.1/live"),
    WORDS("url-delimiter", UrlDelimiter, UrlDelimiter, false, L"+", L"#", L"#", nullptr),
    WORDS("stream-key", StreamKey, StreamKey, true, L"", L"key", L"****", nullptr),
    WORDS("backup-urls", BackupUrls, BackupUrls, true, L"", L"rtmp://127.0.0.1/live/a rtmps://127.0.0.1/live/b", L"rtmp://127.0.0.1/**** rtmps://127.0.0.1/****", nullptr),
    ONOFF("backup-return", BackupReturn, BackupReturn, 0),
    CHOICE("auth", Auth, Auth, 3, 0),
    WORDS("username", Username, Username, false, L"", L"\u00e4user", L"\u00e4user", nullptr),
    WORDS("password", Password, Password, true, L"", L"word", L"****", nullptr),
    NUMBER("output-buffer-size", OutputBufferSize, OutputBufferSize, 0, 2147483647, 262144),
    NUMBER("output-packet-size", OutputPacketSize, OutputPacketSize, 0, 1048576, 1450),
    NUMBER("socket-buffer-size", SocketBufferSize, SocketBufferSize, 0, 1073741824, 131072),
    NUMBER("chunk-size", ChunkSize, ChunkSize, 128, 1048576, 65536),
    ONOFF("tcp-no-delay", TcpNoDelay, TcpNoDelay, 0),
    ONOFF("live-mode", LiveMode, LiveMode, 0),
    CHOICE("buffer-overflow-mode", BufferOverflowMode, BufferOverflowMode, 1, 0),
    ONOFF("allow-b-frames", AllowBFrames, AllowBFrames, 1),
    ONOFF("write-timecode", WriteTimecode, WriteTimecode, 0),
    WORDS("first-timecode", FirstTimecode, FirstTimecode, false, L"0", L"10:00:00:00", L"10:00:00:00", L"ten"),
    ONOFF("embed-system-time", EmbedSystemTime, EmbedSystemTime, 0),
    NUMBER("timecode-interval", TimecodeInterval, TimecodeInterval, 1000, 3600000, 1000),
    NUMBER("reconnect-attempts", ReconnectAttempts, ReconnectAttempts, 0, 2147483647, 0),
    NUMBER("reconnect-interval", ReconnectInterval, ReconnectInterval, 0, 86400000, 5000),
    NUMBER("reconnect-max-interval", ReconnectMaxInterval, ReconnectMaxInterval, 0, 86400000, 0),
    ONOFF("reconnect-unlimited", ReconnectUnlimited, UnlimitedReconnect, 0),
    ONOFF("reconnect-on-start", ReconnectOnStart, ReconnectOnStart, 0),
    ONOFF("reconnect-restart-time", ReconnectRestartTime, ReconnectRestartTime, 0),
    CHOICE("publish-mode", PublishMode, PublishMode, 2, 0),
    NUMBER("connect-timeout", ConnectTimeout, ConnectTimeout, 1, 3600000, 10000),
    NUMBER("send-timeout", SendTimeout, SendTimeout, 1, 3600000, 2000),
    NUMBER("receive-timeout", ReceiveTimeout, ReceiveTimeout, 1, 3600000, 1000),
    NUMBER("peer-timeout", PeerTimeout, PeerTimeout, 1000, 3600000, 10000),
    WORDS("client-agent", ClientAgent, ClientAgent, false, L"FMLE/3.0 (compatible; FMSc/1.0)", L"agent/1", L"agent/1", nullptr),
    WORDS("connect-info", ConnectInfo, ConnectInfo, true, L"", L"{\"a\":1}", L"****", L"[1]"),
    CHOICE("handshake", Handshake, Handshake, 2, 0),
    ONOFF("fallback-ports", FallbackPorts, FallbackPorts, 0),
    ONOFF("fallback-tunnel", FallbackTunnel, FallbackTunnel, 0),
    WORDS("proxy", Proxy, Proxy, true, L"direct", L"socks5://127.0.0.1:1080", L"socks5://127.0.0.1:1080", L"ftp://127.0.0.1"),
    WORDS("bind", Bind, Bind, false, L"", L"127.0.0.1", L"127.0.0.1", nullptr),
    WORDS("tls-ca-file", TlsCaFile, TlsCaFile, false, L"", L"C:\\files\\tls-ca-file", L"C:\\files\\tls-ca-file", nullptr),
    WORDS("tls-cert-file", TlsCertFile, TlsCertFile, false, L"", L"C:\\files\\tls-cert-file", L"C:\\files\\tls-cert-file", nullptr),
    WORDS("tls-key-file", TlsKeyFile, TlsKeyFile, false, L"", L"C:\\files\\tls-key-file", L"C:\\files\\tls-key-file", nullptr),
    WORDS("tls-server-name", TlsServerName, TlsServerName, false, L"", L"C:\\files\\tls-server-name", L"C:\\files\\tls-server-name", nullptr),
    CHOICE("tls-min-version", TlsMinVersion, TlsMinVersion, 1, 0),
    ONOFF("tls-verify", TlsVerify, TlsVerify, 1),
    WORDS("log-file", LogFile, LogFile, false, L"", L"C:\\files\\log-file", L"C:\\files\\log-file", nullptr),
    NUMBER("trace", Trace, Trace, 0, 9, 0),
    NUMBER("latency-cap", LatencyCap, LatencyCap, 0, 3600000, 0),
    NUMBER("outage-buffer", OutageBuffer, OutageBuffer, 0, 3600000, 0),
    CHOICE("outage-mode", OutageMode, OutageMode, 1, 0),
    NUMBER("outage-memory", OutageMemory, OutageMemory, 1048576, 2147483647, 67108864),
    WORDS("outage-spool", OutageSpool, OutageSpool, false, L"", L"C:\\files\\outage-spool", L"C:\\files\\outage-spool", nullptr),
    NUMBER("outage-spool-size", OutageSpoolSize, OutageSpoolSize, 16, 1048576, 1024),
    NUMBER("catch-up-rate", CatchUpRate, CatchUpRate, 101, 10000, 200),
    ONOFF("handover", Handover, Handover, 1),
    ONOFF("bitrate-advice", BitrateAdvice, BitrateAdvice, 0),
    NUMBER("bitrate-floor", BitrateFloor, BitrateFloor, 0, 2147483647, 0),
    NUMBER("bitrate-ceiling", BitrateCeiling, BitrateCeiling, 0, 2147483647, 0),
};

const Option &optionNamed(const char *name)
{
    for (auto &o : options)
        if (!strcmp(o.name, name))
            return o;
    CHECK(false, "there is no option %s", name);
    return options[0];
}
