//go:build windows && cgo

package seam

/*
#include "seam.h"
void setErrorText(const uint16_t *text);
*/
import "C"

import (
	"context"
	"time"
	"unicode/utf16"
	"unsafe"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow"
	"rtmpwriter/publish"
)

// longestConnect bounds ConnectServer, also where the options let the first
// connection be tried for ever: connecting itself has its own option.
const longestConnect = time.Hour + time.Second

// answerWith answers with what an error is about, and leaves its words for the
// caller's thread (IErrorInfo).
func answerWith(err error) C.int32_t {
	if err == nil {
		return C.int32_t(com.OK)
	}
	text := wide(err.Error())
	defer C.free(unsafe.Pointer(text))
	C.setErrorText(text)
	return C.int32_t(dshow.Answer(err))
}

//export goConnectServer
func goConnectServer(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	o := r.Options()
	ctx, cancel := context.WithTimeout(context.Background(), min(o.ConnectTimeout+time.Second, longestConnect))
	defer cancel()
	return answerWith(r.ConnectServer(ctx))
}

//export goBeginConnectServer
func goBeginConnectServer(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	return answerWith(rendererOf(h).BeginConnect())
}

//export goDisconnect
func goDisconnect(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	r := rendererOf(h)
	if !r.Busy() {
		return C.int32_t(com.False)
	}
	return answerWith(r.Disconnect())
}

//export goReconnectNow
func goReconnectNow(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	if !rendererOf(h).Reconnect() {
		return C.int32_t(com.False)
	}
	return 0
}

//export goGetStatus
func goGetStatus(h C.uintptr_t, status *C.int32_t) (hr C.int32_t) {
	defer guard(&hr)
	*status = C.int32_t(rendererOf(h).Status().State)
	return 0
}

//export goGetStatistics
func goGetStatistics(h C.uintptr_t, s *C.Statistics) (hr C.int32_t) {
	defer guard(&hr)
	*s = statistics(rendererOf(h).Stats())
	return 0
}

//export goGetLastErrorText
func goGetLastErrorText(h C.uintptr_t, out **C.uint16_t) (hr C.int32_t) {
	defer guard(&hr)
	text := ""
	if err := rendererOf(h).LastError(); err != nil {
		text = err.Error()
	}
	*out = wide(text)
	return 0
}

//export goSetURL
func goSetURL(h C.uintptr_t, s *C.uint16_t, n C.int) (hr C.int32_t) {
	defer guard(&hr)
	return setOption(rendererOf(h), "url", narrow(s, n))
}

//export goURL
func goURL(h C.uintptr_t) (text *C.uint16_t) {
	var hr C.int32_t
	defer guard(&hr)
	return wide(rendererOf(h).Options().URL)
}

//export goProduct
func goProduct() (text *C.uint16_t) {
	var hr C.int32_t
	defer guard(&hr)
	return wide("RTMP Writer " + dshow.Version)
}

// statistics is what the graph gets of the engine's numbers.
func statistics(s publish.Stats) C.Statistics {
	return C.Statistics{
		output_buffer_size: C.int64_t(s.OutputBufferSize), output_buffer_fillness: C.int64_t(s.OutputBufferFillness),
		output_bitrate: C.int64_t(s.OutputBitrate), output_bitrate2: C.int64_t(s.OutputBitrate2), output_bitrate3: C.int64_t(s.OutputBitrate3),
		packetsRtt: C.int64_t(s.PacketsRTT), clientBytesReceived: C.int64_t(s.ClientBytesReceived),
		audio_packets_buffered: C.int64_t(s.AudioPacketsBuffered), video_packets_buffered: C.int64_t(s.VideoPacketsBuffered),
		audio_bitrate: C.int64_t(s.AudioBitrate), video_bitrate: C.int64_t(s.VideoBitrate),
		audio_packets_sent: C.int64_t(s.AudioPacketsSent), video_packets_sent: C.int64_t(s.VideoPacketsSent),
	}
}

// narrow is the text of n UTF-16 units; nothing for a NULL pointer.
func narrow(s *C.uint16_t, n C.int) string {
	if s == nil || n <= 0 {
		return ""
	}
	return string(utf16.Decode(unsafe.Slice((*uint16)(s), int(n))))
}

// wide is a text in C's memory, with its NUL; what cannot stand within a string
// of C ends it. The caller frees it.
func wide(s string) *C.uint16_t {
	units := append(utf16.Encode([]rune(s)), 0)
	p := (*C.uint16_t)(C.malloc(C.size_t(2 * len(units))))
	copy(unsafe.Slice((*uint16)(p), len(units)), units)
	return p
}
