package abi

const optionsDoc = `The options of the filter and its connection. Get it from the filter with
QueryInterface.

Its methods may be called from any thread, also while the graph runs. They answer at once; only
ConnectServer waits for the network.

Set answers S_OK: the value is in force; S_FALSE: it is taken, and in force when the graph
runs or ConnectServer is called the next time: a stream that has begun, and what it reconnects, go
on as they are; RTMP_E_OPTION: it is refused, nothing is changed,
and IErrorInfo says what is allowed. Get answers what was set last.

A NULL pointer is E_POINTER. Texts are UTF-16 with a final zero, at most 65535 characters (else
E_INVALIDARG). Texts that are handed out are the caller's to free with CoTaskMemFree.`

// controlMethods are those that no option stands behind. The list is closed: the
// methods of the options follow, and what is new stands behind all of them.
func controlMethods() []Method {
	return []Method{
		{Name: "ConnectServer", Doc: `Connects before the start, so that the first frame finds the stream
open. Waits until the server has accepted the publish or it failed, connect-timeout (10 s) at most.
S_OK: connected, perhaps since before. RTMP_E_CONNECT, RTMP_E_REFUSED, RTMP_E_AUTH, RTMP_E_OPTION
and the text of IErrorInfo: why not. VFW_E_WRONG_STATE: the stream has begun already; stop the graph
first. It needs no graph. The status is told as always.`},
		{Name: "BeginConnectServer", Doc: `Begins what ConnectServer does, and does not wait: the status
tells the outcome, GetLastErrorText why.`},
		{Name: "Disconnect", Doc: `Closes the connection. While the graph runs it ends the stream: status
RTMPWriterDisconnected, then EC_USERABORT; samples are refused until the graph is stopped. S_FALSE:
there was nothing to close.`},
		{Name: "ReconnectNow", Doc: `Connects anew at once while the graph runs: drops a connection that
seems dead, or does not wait for reconnect-interval to pass. Does not wait for the outcome. S_FALSE:
there is nothing to reconnect.`, Answers: true},
		{Name: "GetStatus", Parameters: []Parameter{{"status", IntOut}}, Doc: `RTMPWriterConnected (0),
RTMPWriterDisconnected (1) or RTMPWriterReconnecting (2).`},
		{Name: "GetStatistics", Parameters: []Parameter{{"stats", StatsOut}}, Doc: `The statistics of this moment,
as EC_NANO_RTMP_WRITER_STATS tells them once a second. Without a connection: those of the last one.`},
		{Name: "GetLastErrorText", Parameters: []Parameter{{"text", TextOut}}, Doc: `Why the filter is disconnected
or reconnecting, in words for people; an empty text when nothing went wrong. It holds no secret.`},
		{Name: "SetOption", Parameters: []Parameter{{"name", TextIn}, {"value", TextIn}}, Doc: `Sets any option by its name in
the documentation, for example L"chunk-size", from a text: L"on" or L"off", a decimal number, one of
the option's words. Answers as the Set methods below; RTMP_E_OPTION too when there is no such
option. A program that must run with an older filter sets newer options in this way.`},
		{Name: "GetOption", Parameters: []Parameter{{"name", TextIn}, {"value", TextOut}}, Doc: `The value of any option as
text. Secrets, and what is secret in the url, come back masked.`},
	}
}

const notifyDoc = `Tells changes of the status by a call. It may be used beside the graph event
EC_NANO_RTMP_WRITER_STATUS.`

func notifyMethods() []Method {
	return []Method{
		{Name: "SetStatusNotifyHandler", Parameters: []Parameter{{"handler", Handler}, {"context", Context}}, Doc: `Sets the function that is
called at every change of the status; context is passed on to it. NULL takes it away. When
SetStatusNotifyHandler returns, the handler before is not running and will not be called again,
unless the call comes from within a handler. It is called from a thread of the filter's, one call at
a time and in order; it should return soon, and may call the filter. It is __stdcall; on x86 the
filter survives one that is not.`},
	}
}

const metadataDoc = `Sends data messages and commands of the program's to the server. Its methods
may be called from any thread. Names and JSON have at most 65535 characters (else E_INVALIDARG); a
NULL json is none.`

func metadataMethods() []Method {
	return []Method{
		{
			Name:       "SendMetadata",
			Parameters: []Parameter{{"handler", TextIn}, {"json", TextIn}, {"stored", BoolIn}},
			Doc: `Sends a data message: the name of its handler, for example L"onMetaData" or L"onCuePoint",
and a JSON object. stored: the server keeps it for players that come later (@setDataFrame). It goes
out behind the frames that came before it; without a connection it waits for one. It does not wait
for the network. E_POINTER: no handler; E_INVALIDARG and the text of IErrorInfo: the JSON is wrong,
or no message can carry it; E_FAIL with a text: too many wait already; E_ABORT: the stream is over.`,
		},
		{
			Name:       "SendCommand",
			Parameters: []Parameter{{"name", TextIn}, {"json", TextIn}, {"answer", TextOut}},
			Doc: `Sends a command, for example L"startRecording", with a JSON object, and waits for the
server's answer, 10 s at most. answer receives a JSON array of what the server answered, to be freed
with CoTaskMemFree; it may be NULL. RTMP_E_REFUSED: the server refuses it; RTMP_E_CONNECT: there is
no connection; E_INVALIDARG: the JSON is wrong; IErrorInfo has the text.`,
		},
	}
}
