package com

import "fmt"

// HRESULT is the answer of a COM method: negative when it failed.
type HRESULT int32

// The bases of the codes that begin with 0x8000, 0x8004 and 0x8007.
const (
	ole   = -0x80000000
	itf   = ole + 0x40000
	win32 = ole + 0x70000
)

// The answers of COM and of DirectShow that the filter gives.
const (
	OK               HRESULT = 0
	False            HRESULT = 1
	Abort            HRESULT = ole + 0x4004 // E_ABORT
	Fail             HRESULT = ole + 0x4005 // E_FAIL
	Unexpected       HRESULT = ole + 0xffff // E_UNEXPECTED
	InvalidArg       HRESULT = win32 + 0x57 // E_INVALIDARG
	InvalidMediaType HRESULT = itf + 0x200  // VFW_E_INVALIDMEDIATYPE
	NotConnected     HRESULT = itf + 0x209  // VFW_E_NOT_CONNECTED
	RuntimeError     HRESULT = itf + 0x20b  // VFW_E_RUNTIME_ERROR
	NotStopped       HRESULT = itf + 0x224  // VFW_E_NOT_STOPPED
	WrongState       HRESULT = itf + 0x227  // VFW_E_WRONG_STATE
	TypeNotAccepted  HRESULT = itf + 0x22a  // VFW_E_TYPE_NOT_ACCEPTED
	RejectedEOS      HRESULT = itf + 0x22c  // VFW_E_SAMPLE_REJECTED_EOS
)

// What the network answers has codes of our own, from 0x80040A00: Microsoft
// leaves those above 0x0200 of the interface facility to whoever defines the
// interface. RTMPWriterOptions.h has the same.
const (
	NetConnect HRESULT = itf + 0xa01 // RTMP_E_CONNECT: the server can't be reached
	NetRefused HRESULT = itf + 0xa02 // RTMP_E_REFUSED: the server refuses application, key or publisher
	NetAuth    HRESULT = itf + 0xa03 // RTMP_E_AUTH: user name or password are missing or wrong
	NetLost    HRESULT = itf + 0xa04 // RTMP_E_LOST: the connection was lost and is not made again
	BadOption  HRESULT = itf + 0xa05 // RTMP_E_OPTION: an option's value or the url is wrong
)

// Failed tells an error.
func (h HRESULT) Failed() bool { return h < 0 }

// Error is the number as Windows headers write it.
func (h HRESULT) Error() string { return fmt.Sprintf("HRESULT 0x%08X", uint32(h)) }
