package com

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGUID(t *testing.T) {
	const text = "{B4FB59C5-983B-4D96-9204-F8B0E46704EE}"
	g, err := ParseGUID(text)
	require.NoError(t, err)
	require.Equal(t, NewGUID(0xb4fb59c5, 0x983b, 0x4d96, [8]byte{0x92, 0x04, 0xf8, 0xb0, 0xe4, 0x67, 0x04, 0xee}), g)
	require.Equal(t, []byte{0xc5, 0x59, 0xfb, 0xb4, 0x3b, 0x98, 0x96, 0x4d, 0x92}, g[:9], "as in memory")
	require.Equal(t, text, g.String())
	require.Equal(t, g, MustGUID("b4fb59c5-983b-4d96-9204-f8b0e46704ee"))
	require.Equal(t, "{34363248-0000-0010-8000-00AA00389B71}", FourCC(0x34363248).String())
	for _, wrong := range []string{"", "{}", text[:len(text)-2], text + "0", "{B4FB59C5983B-4D96-9204-F8B0E467-04EE}", "{B4FB59CX-983B-4D96-9204-F8B0E46704EE}"} {
		_, err := ParseGUID(wrong)
		require.Error(t, err, wrong)
	}
	require.Panics(t, func() { MustGUID("x") })
}

// The numbers are those of winerror.h and vfwmsgs.h.
func TestHRESULT(t *testing.T) {
	for want, got := range map[uint32]HRESULT{
		0: OK, 1: False, 0x80004004: Abort, 0x80004005: Fail,
		0x8000ffff: Unexpected, 0x80070057: InvalidArg,
		0x80040200: InvalidMediaType, 0x80040209: NotConnected, 0x8004020b: RuntimeError, 0x80040224: NotStopped,
		0x80040227: WrongState, 0x8004022a: TypeNotAccepted, 0x8004022c: RejectedEOS,
	} {
		require.Equal(t, want, uint32(got))
		require.Equal(t, want > 1, got.Failed())
	}
	require.Equal(t, "HRESULT 0x80040227", WrongState.Error())
}

// FuzzParseGUID takes what reads back as the same.
func FuzzParseGUID(f *testing.F) {
	f.Add("{B4FB59C5-983B-4D96-9204-F8B0E46704EE}")
	f.Add("{{}}")
	f.Add("b4fb59c5-983b-4d96-9204-f8b0e46704")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ParseGUID(text)
		if err != nil {
			require.Zero(t, g)
			return
		}
		again, err := ParseGUID(g.String())
		require.NoError(t, err)
		require.Equal(t, g, again)
	})
}
