//go:build windows && cgo

package seam

/*
#cgo CFLAGS: -Wall -Wno-unused-variable
#cgo LDFLAGS: -lole32 -loleaut32 -lstrmiids -luuid -luser32 -ladvapi32 -lgdi32 -lcrypt32
#cgo 386 LDFLAGS: -static-libgcc
#include "seam.h"
*/
import "C"

import (
	"log/slog"
	"runtime/cgo"
	"sync"
	"sync/atomic"
	"unsafe"

	"rtmpwriter/internal/com"
	"rtmpwriter/internal/dshow"
	"rtmpwriter/internal/dshow/mediatype"
	"rtmpwriter/publish"
)

// filter is what a handle of the C side stands for.
type filter struct {
	renderer *dshow.Renderer
	host     *host
}

func filterOf(h C.uintptr_t) *filter {
	f, _ := cgo.Handle(h).Value().(*filter)
	return f
}

func rendererOf(h C.uintptr_t) *dshow.Renderer { return filterOf(h).renderer }

// guard turns a panic into E_UNEXPECTED: it must not reach the host program. It
// is deferred by every function that C calls.
func guard(hr *C.int32_t) {
	if p := recover(); p != nil {
		*hr = C.int32_t(com.Unexpected)
		dshow.LogFault(lastLog.Load())
	}
}

// lastLog is where a panic outside of any stream is written down.
var lastLog atomic.Pointer[slog.Logger]

func init() { lastLog.Store(slog.New(slog.DiscardHandler)) }

// host tells the C side of a filter what happens.
type host struct {
	c *C.Filter

	mu   sync.Mutex
	gone bool
}

// with calls C, unless nobody refers to the filter any more. No lock is held
// meanwhile: what is called may call anything.
func (h *host) with(call func(c *C.Filter)) {
	h.mu.Lock()
	if h.gone {
		h.mu.Unlock()
		return
	}
	C.filterHold(h.c)
	h.mu.Unlock()
	defer C.filterDrop(h.c)
	call(h.c)
}

func (h *host) leave() {
	h.mu.Lock()
	h.gone = true
	h.mu.Unlock()
}

// Event tells the graph.
func (h *host) Event(e dshow.Event, hr com.HRESULT) {
	self := C.int32_t(0)
	if e == dshow.Complete {
		self = 1
	}
	h.with(func(c *C.Filter) { C.filterEvent(c, C.int32_t(e), C.int32_t(hr), self) })
}

// Status tells the graph and the handler.
func (h *host) Status(s publish.State, url string) {
	text := C.CString(url)
	defer C.free(unsafe.Pointer(text))
	h.with(func(c *C.Filter) { C.filterStatus(c, C.int32_t(s), text) })
}

// Statistics tells the graph.
func (h *host) Statistics(s publish.Stats, url string) {
	text := C.CString(url)
	defer C.free(unsafe.Pointer(text))
	all := statistics(s)
	h.with(func(c *C.Filter) { C.filterStats(c, &all, text) })
}

// Log opens the log that the options name.
func (h *host) Log(o publish.Options) (*slog.Logger, func()) {
	log, done := openLog(o)
	lastLog.Store(log)
	return log, func() { _ = done() } // what can't be written has been told
}

//export goFilterNew
func goFilterNew(c *C.Filter) (h C.uintptr_t) {
	var hr C.int32_t
	defer guard(&hr)
	defaults, wrong := loadDefaults()
	host := &host{c: c}
	f := &filter{host: host, renderer: dshow.New(host, defaults)}
	if len(wrong) > 0 {
		log, done := host.Log(defaults)
		for _, err := range wrong {
			log.Warn("a default in the registry is left out", "error", err)
		}
		done()
	}
	return C.uintptr_t(cgo.NewHandle(f))
}

//export goFilterFree
func goFilterFree(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	if h == 0 {
		return 0
	}
	f := filterOf(h)
	f.host.leave()
	f.renderer.Close()
	cgo.Handle(h).Delete()
	return 0
}

//export goState
func goState(h C.uintptr_t) (state C.int32_t) {
	defer guard(&state)
	return C.int32_t(rendererOf(h).State())
}

//export goStop
func goStop(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	rendererOf(h).Stop()
	return 0
}

//export goPause
func goPause(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	return answerWith(rendererOf(h).Pause())
}

//export goRun
func goRun(h C.uintptr_t) (hr C.int32_t) {
	defer guard(&hr)
	return answerWith(rendererOf(h).Run())
}

//export goAccept
func goAccept(pin C.int, t *C.MediaType) (hr C.int32_t) {
	defer guard(&hr)
	if mediatype.Accept(mediatype.Pin(pin), viewed(t)) != nil {
		return C.int32_t(com.False)
	}
	return 0
}

//export goConnected
func goConnected(h C.uintptr_t, pin C.int, t *C.MediaType) (hr C.int32_t) {
	defer guard(&hr)
	return C.int32_t(rendererOf(h).Connected(int(pin), viewed(t)))
}

//export goDisconnected
func goDisconnected(h C.uintptr_t, pin C.int) (hr C.int32_t) {
	defer guard(&hr)
	return C.int32_t(rendererOf(h).Disconnected(int(pin)))
}

//export goChangeFormat
func goChangeFormat(h C.uintptr_t, pin C.int, t *C.MediaType) (hr C.int32_t) {
	defer guard(&hr)
	return C.int32_t(rendererOf(h).ChangeFormat(int(pin), viewed(t)))
}

//export goReceive
func goReceive(h C.uintptr_t, pin C.int, s *C.Sample) (hr C.int32_t) {
	defer guard(&hr)
	sample := dshow.Sample{
		Data:  unsafe.Slice((*byte)(s.data), int(s.len)),
		Start: int64(s.start), Stop: int64(s.stop),
		HasStart: s.times > 0, HasStop: s.times > 1,
		Oversized: s.oversized != 0,
	}
	return C.int32_t(rendererOf(h).Receive(int(pin), &sample))
}

//export goEndOfStream
func goEndOfStream(h C.uintptr_t, pin C.int) (hr C.int32_t) {
	defer guard(&hr)
	return C.int32_t(rendererOf(h).EndOfStream(int(pin)))
}

//export goBeginFlush
func goBeginFlush(h C.uintptr_t, pin C.int) (hr C.int32_t) {
	defer guard(&hr)
	return C.int32_t(rendererOf(h).BeginFlush(int(pin)))
}

//export goEndFlush
func goEndFlush(h C.uintptr_t, pin C.int) (hr C.int32_t) {
	defer guard(&hr)
	return C.int32_t(rendererOf(h).EndFlush(int(pin)))
}

// viewed is a media type over the caller's memory.
func viewed(t *C.MediaType) mediatype.MediaType {
	return mediatype.MediaType{
		Major: guid(&t.major), Subtype: guid(&t.subtype), Format: guid(&t.format),
		Block: unsafe.Slice((*byte)(t.block), int(t.length)),
	}
}

func guid(b *[16]C.uint8_t) com.GUID { return *(*com.GUID)(unsafe.Pointer(b)) }
