package abi

import "rtmpwriter/internal/com"

// open and secret stand in the column of Secret.
const (
	open   = false
	secret = true
)

// table has every option of publish.Options.Fields. Its order is that of the
// methods in IRTMPOptions, and its identifiers are in the programs of others: a
// new option comes last, wherever it stands in publish, with an identifier from
// a random source; no line is ever moved, changed or taken out.
var table = []Option{
	{"url", "Url", "Url", Text, secret, com.MustGUID("{103253DE-7DFB-4864-B960-5565C3557B35}")},
	{"url-delimiter", "UrlDelimiter", "UrlDelimiter", Text, open, com.MustGUID("{65412B1C-5C3D-4B1A-936E-1A220A952B3C}")},
	{"stream-key", "StreamKey", "StreamKey", Text, secret, com.MustGUID("{B13932A3-7F3D-4285-8F2E-9CEF82343809}")},
	{"backup-urls", "BackupUrls", "BackupUrls", Text, secret, com.MustGUID("{1BA0247F-D27B-4311-9210-44FE0C4500B9}")},
	{"backup-return", "BackupReturn", "BackupReturn", Bool, open, com.MustGUID("{1B508545-220F-486E-A41A-9AE40A0F1F8E}")},
	{"auth", "Auth", "Auth", Choice, open, com.MustGUID("{4E5E2DFF-A31C-439A-86BD-340AB53572C3}")},
	{"username", "Username", "Username", Text, open, com.MustGUID("{D36B0991-E2CD-4BD1-ABDF-485A029E3C1C}")},
	{"password", "Password", "Password", Text, secret, com.MustGUID("{B4B101FA-73D4-4F18-A6B9-E3835105A828}")},
	{"output-buffer-size", "OutputBufferSize", "OutputBufferSize", Number, open, com.MustGUID("{36406C94-BEC2-412D-B409-623ACA682A11}")},
	{"output-packet-size", "OutputPacketSize", "OutputPacketSize", Number, open, com.MustGUID("{0B17939F-BE01-40A4-BCB5-28FBD535C768}")},
	{"socket-buffer-size", "SocketBufferSize", "SocketBufferSize", Number, open, com.MustGUID("{93621F1A-CD3F-48A9-9B79-0EB08BD5C000}")},
	{"chunk-size", "ChunkSize", "ChunkSize", Number, open, com.MustGUID("{F3188FE9-E3B5-439C-89E6-43075276B9FB}")},
	{"tcp-no-delay", "TcpNoDelay", "TcpNoDelay", Bool, open, com.MustGUID("{C2215E7A-55D3-44C6-ACED-E28BD62A59C8}")},
	{"live-mode", "LiveMode", "LiveMode", Bool, open, com.MustGUID("{8760BFDE-BFF7-4B33-BC3D-7A05F2347DA2}")},
	{"buffer-overflow-mode", "BufferOverflowMode", "BufferOverflowMode", Choice, open, com.MustGUID("{DE26B807-3BB9-4807-99A8-EC8173AE04EA}")},
	{"allow-b-frames", "AllowBFrames", "AllowBFrames", Bool, open, com.MustGUID("{55496E58-B685-4409-9D86-8D07298CDE18}")},
	{"write-timecode", "WriteTimecode", "WriteTimecode", Bool, open, com.MustGUID("{4ED6AFDC-7689-4474-B68C-6921C920235E}")},
	{"first-timecode", "FirstTimecode", "FirstTimecode", Text, open, com.MustGUID("{02A963F2-6338-4726-B31D-5CB56D45AC52}")},
	{"embed-system-time", "EmbedSystemTime", "EmbedSystemTime", Bool, open, com.MustGUID("{DEF66CDA-99CB-4963-AFAD-E326F9C37BB1}")},
	{"timecode-interval", "TimecodeInterval", "TimecodeInterval", Number, open, com.MustGUID("{A49CF876-7AE4-4C52-B244-931E53B19BDE}")},
	{"reconnect-attempts", "ReconnectAttempts", "ReconnectAttempts", Number, open, com.MustGUID("{6C53CDBB-396B-4E8B-8A89-0645DCEEE16B}")},
	{"reconnect-interval", "ReconnectInterval", "ReconnectInterval", Number, open, com.MustGUID("{B3D1B599-6CB1-4F92-8220-10B885B39D13}")},
	{"reconnect-max-interval", "ReconnectMaxInterval", "ReconnectMaxInterval", Number, open, com.MustGUID("{0FCB06E9-949B-4995-A8BB-86EF62D0F6E0}")},
	{"reconnect-unlimited", "ReconnectUnlimited", "UnlimitedReconnect", Bool, open, com.MustGUID("{08D54DB5-116B-4316-BC2C-1C554A3D6B9B}")},
	{"reconnect-on-start", "ReconnectOnStart", "ReconnectOnStart", Bool, open, com.MustGUID("{B91B4A52-694D-4B69-885F-199D7750BC63}")},
	{"reconnect-restart-time", "ReconnectRestartTime", "ReconnectRestartTime", Bool, open, com.MustGUID("{D2B84A77-4C13-4DFC-89B7-21BBCEECC9D1}")},
	{"publish-mode", "PublishMode", "PublishMode", Choice, open, com.MustGUID("{93AE80EB-A544-46CC-8F39-5D249EF2A8CE}")},
	{"connect-timeout", "ConnectTimeout", "ConnectTimeout", Number, open, com.MustGUID("{3FD05662-7345-45D7-8682-079C4C6DBF41}")},
	{"send-timeout", "SendTimeout", "SendTimeout", Number, open, com.MustGUID("{FA4BE5F2-A9EB-4E33-A0C4-93AE683ED830}")},
	{"receive-timeout", "ReceiveTimeout", "ReceiveTimeout", Number, open, com.MustGUID("{2977B781-757F-4454-8DF6-053BC5BC4BE9}")},
	{"peer-timeout", "PeerTimeout", "PeerTimeout", Number, open, com.MustGUID("{8EAB4342-ACA2-406D-80FC-FDD80A3DB204}")},
	{"client-agent", "ClientAgent", "ClientAgent", Text, open, com.MustGUID("{54211703-5643-4E5E-91E4-557D0FBE768E}")},
	{"connect-info", "ConnectInfo", "ConnectInfo", Text, secret, com.MustGUID("{26A009D4-660F-4B19-AA98-E2D0B4926F85}")},
	{"handshake", "Handshake", "Handshake", Choice, open, com.MustGUID("{5ED21CA8-6A53-4815-BF7D-F7C15717C0C2}")},
	{"fallback-ports", "FallbackPorts", "FallbackPorts", Bool, open, com.MustGUID("{28EE10A9-6ED3-4724-BDFB-5FCD1E6EC532}")},
	{"fallback-tunnel", "FallbackTunnel", "FallbackTunnel", Bool, open, com.MustGUID("{E37CEEE2-3D2B-4CF1-B092-E9B4A305675B}")},
	{"proxy", "Proxy", "Proxy", Text, secret, com.MustGUID("{364067F3-C63C-4D84-9E71-AFB5B8FC4294}")},
	{"bind", "Bind", "Bind", Text, open, com.MustGUID("{61CDC27C-F651-4E7E-9E1C-3C4CE7AA6051}")},
	{"tls-ca-file", "TlsCaFile", "TlsCaFile", Text, open, com.MustGUID("{6074256C-546D-46E4-9787-FD35839FAEC9}")},
	{"tls-cert-file", "TlsCertFile", "TlsCertFile", Text, open, com.MustGUID("{81FF2CDC-2995-4EA4-88A5-24532CB23A8F}")},
	{"tls-key-file", "TlsKeyFile", "TlsKeyFile", Text, open, com.MustGUID("{5BEB51C7-2AB6-4E04-BB6C-E3203B91A340}")},
	{"tls-server-name", "TlsServerName", "TlsServerName", Text, open, com.MustGUID("{D1436AB7-998A-473A-8667-7293B8F86AD6}")},
	{"tls-min-version", "TlsMinVersion", "TlsMinVersion", Choice, open, com.MustGUID("{78C49A73-50E6-4FC1-A960-0F3DA7909151}")},
	{"tls-verify", "TlsVerify", "TlsVerify", Bool, open, com.MustGUID("{3BE6948B-6211-44CE-9845-AD7E5C4F1E2F}")},
	{"log-file", "LogFile", "LogFile", Text, open, com.MustGUID("{99E6FAE8-D0C6-442A-A39D-02E6B912F266}")},
	{"trace", "Trace", "Trace", Number, open, com.MustGUID("{C52BA2EA-6B42-44E9-B230-B40721ACA19D}")},
	{"latency-cap", "LatencyCap", "LatencyCap", Number, open, com.MustGUID("{84EB5B97-F158-4197-A04F-9D8F18C99C48}")},
	{"outage-buffer", "OutageBuffer", "OutageBuffer", Number, open, com.MustGUID("{24EFEC22-A0F6-46FB-8CA5-5B7F954C5D67}")},
	{"outage-mode", "OutageMode", "OutageMode", Choice, open, com.MustGUID("{751F9871-2016-436E-BB57-0983D6F534A6}")},
	{"outage-memory", "OutageMemory", "OutageMemory", Number, open, com.MustGUID("{7571936F-5BA5-44FE-B54E-7CA37574958F}")},
	{"outage-spool", "OutageSpool", "OutageSpool", Text, open, com.MustGUID("{2CE02805-7BAF-4C92-B773-8511993DB813}")},
	{"outage-spool-size", "OutageSpoolSize", "OutageSpoolSize", Number, open, com.MustGUID("{C179F530-E7B8-4239-A57A-29206C9F2749}")},
	{"catch-up-rate", "CatchUpRate", "CatchUpRate", Number, open, com.MustGUID("{DB927C20-5CA6-4413-BE29-E827D5EEF925}")},
	{"handover", "Handover", "Handover", Bool, open, com.MustGUID("{EA4F9424-9686-477A-8698-D61BCA5328F3}")},
	{"bitrate-advice", "BitrateAdvice", "BitrateAdvice", Bool, open, com.MustGUID("{56747C8F-7BA7-479D-87E0-B030F633E786}")},
	{"bitrate-floor", "BitrateFloor", "BitrateFloor", Number, open, com.MustGUID("{FB50306F-1F7C-4DB4-A5F6-98B4C15F9A5D}")},
	{"bitrate-ceiling", "BitrateCeiling", "BitrateCeiling", Number, open, com.MustGUID("{6CA7CAB1-41E5-453E-BC9B-5DB5A56B83B6}")},
}
