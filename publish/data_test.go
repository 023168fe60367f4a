package publish_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

// order writes frames and data messages as "what@time"; headers and the engine's
// metadata are left out.
func order(list []rtmptest.Message) (got []string) {
	for _, m := range list {
		switch {
		case m.Type == 18:
			if name := m.Command().Name; name != "@setDataFrame" {
				got = append(got, fmt.Sprintf("%s@%d", name, m.Timestamp))
			}
		case m.Body[1] != 0:
			got = append(got, fmt.Sprintf("frame@%d", m.Timestamp))
		}
	}
	return got
}

func (s *stream) data(handler string, value any) {
	s.t.Helper()
	require.NoError(s.t, s.SendData(s.t.Context(), publish.Data{Handler: handler, Value: value}))
}

// Data goes out where it was sent between the frames, with the timestamp of the
// one before it, also while all of them wait in the buffer.
func TestDataKeepsItsPlace(t *testing.T) {
	for _, buffer := range []int{0, 262144} {
		synctest.Test(t, func(t *testing.T) {
			s := start(t, rtmptest.Script{}, func(o *publish.Options) { o.OutputBufferSize = buffer }, videoInBand, rawAAC)
			s.data("onBefore", nil)
			s.write(1, 0, 0, []byte{0x21, 1})
			s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
			s.data("onFirst", nil)
			s.data("onSecond", "again")
			for i := 1; i < 5; i++ {
				s.write(1, time.Duration(i)*40*ms, time.Duration(i)*40*ms, []byte{0x21, 1})
				s.write(0, time.Duration(i)*40*ms, time.Duration(i)*40*ms, annexB(inter(1)))
			}
			s.data("onLast", nil)
			got := order(s.finish())
			want := []string{"onBefore@0", "frame@0", "frame@0", "onFirst@0", "onSecond@0"}
			for i := 1; i < 5; i++ {
				want = append(want, fmt.Sprintf("frame@%d", i*40), fmt.Sprintf("frame@%d", i*40))
			}
			require.Equal(t, append(want, "onLast@160"), got)
			s.server.Close()
		})
	}
}

// A source that pauses does not hold data back.
func TestDataGoesOutWhileNoFrameComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{}, nil, rawAAC)
		s.write(0, 0, 0, []byte{0x21, 1})
		session := s.server.Session()
		synctest.Wait()
		time.Sleep(time.Minute)
		s.data("onTextData", amf0.Object{{Name: "text", Value: "hello"}})
		synctest.Wait()
		list := session.Messages()
		last := list[len(list)-1]
		require.Equal(t, "onTextData", last.Command().Name)
		require.EqualValues(t, 1, last.StreamID)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, s.Shutdown(ctx))
		require.NoError(t, <-s.ended)
		require.ErrorIs(t, s.SendData(ctx, publish.Data{Handler: "onLate"}), publish.ErrClosed)
		s.server.Close()
	})
}

// The bodies, to the byte.
func TestDataToTheByte(t *testing.T) {
	s := start(t, rtmptest.Script{}, func(o *publish.Options) {
		o.WriteTimecode, o.FirstTimecode = true, "01:02:03:04"
	}, rawAAC)
	s.data("onBool", true)
	require.NoError(t, s.SendData(t.Context(), publish.Data{Handler: "onKept", Value: 2.0, Stored: true}))
	require.NoError(t, s.SendData(t.Context(), publish.CuePoint{
		Name: "ad", Time: 1500 * ms, Parameters: amf0.Object{{Name: "id", Value: "7"}},
	}.Data()))
	s.write(0, 0, 0, []byte{0x21, 1})
	var got []string
	for _, m := range s.finish() {
		if m.Type == 18 && m.Command().Name != "@setDataFrame" || bytes.Contains(m.Body, []byte("onKept")) {
			got = append(got, hex.EncodeToString(m.Body))
			require.EqualValues(t, 4, m.CSID)
			require.EqualValues(t, 1, m.StreamID)
		}
	}
	text := func(s string) string { return fmt.Sprintf("%04x%x", len(s), s) }
	str := func(s string) string { return "02" + text(s) }
	require.Equal(t, []string{
		str("onBool") + "0101",
		str("@setDataFrame") + str("onKept") + "004000000000000000",
		str("onCuePoint") + "03" + text("name") + str("ad") + text("type") + str("event") +
			text("time") + "003ff8000000000000" + text("parameters") + "03" + text("id") + str("7") + "000009" + "000009",
		str("onFI") + "03" + text("tc") + str("01:02:03:04") + "000009",
	}, got)
}

// What is stored a new session has again, the last of each handler; what waited
// comes after it, once; and time goes on.
func TestDataAfterAReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, rtmptest.Script{}, func(o *publish.Options) {
			o.ReconnectAttempts, o.WriteTimecode, o.FirstTimecode = 3, true, "10:00:00:00"
		}, videoInBand)
		store := func(handler string, value any) {
			require.NoError(t, s.SendData(t.Context(), publish.Data{Handler: handler, Value: value, Stored: true}))
		}
		s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
		store("onA", "old")
		store("onB", "b")
		store("onA", "new")
		s.data("onLive", nil)
		s.write(0, 40*ms, 40*ms, annexB(inter(1)))
		first := s.server.Session()
		time.Sleep(10 * time.Second)
		first.Reset()
		synctest.Wait()
		s.data("onOutage", nil)
		time.Sleep(10 * time.Second)
		s.write(0, 10*time.Second, 10*time.Second, annexB(idr(1)))
		synctest.Wait()
		second := s.server.Session()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, s.Shutdown(ctx))
		require.NoError(t, <-s.ended)
		dataOf := func(session *rtmptest.Session) (got []string) {
			for _, m := range session.Messages() {
				if c := m.Command(); m.Type == 18 && len(c.Args) > 0 && c.Args[0] != "onMetaData" {
					got = append(got, fmt.Sprint(m.Timestamp, " ", c.Name, " ", c.Args))
				}
			}
			return got
		}
		require.Equal(t, []string{
			"0 onFI [[{tc 10:00:00:00}]]", "0 @setDataFrame [onA old]", "0 @setDataFrame [onB b]", "0 @setDataFrame [onA new]", "0 onLive [<nil>]",
		}, dataOf(first))
		require.Equal(t, []string{
			"10000 @setDataFrame [onA new]", "10000 @setDataFrame [onB b]", "10000 onOutage [<nil>]", "10000 onFI [[{tc 10:00:10:00}]]",
		}, dataOf(second))
		s.server.Close()
	})
}

// An onMetaData of the caller's holds: it follows each one of the engine's.
func TestOwnMetadataFollowsTheEngines(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand)
	require.NoError(t, s.SendData(t.Context(), publish.Data{Handler: "onMetaData", Value: amf0.ECMAArray{{Name: "title", Value: "mine"}}, Stored: true}))
	s.write(0, 0, 0, annexB(smallSPS, pps, idr(1)))
	s.write(0, 40*ms, 40*ms, annexB(largeSPS, pps, idr(1))) // another size: the engine tells it
	s.write(0, 80*ms, 80*ms, annexB(inter(1)))
	var got []string
	for _, m := range s.finish() {
		if m.Type == 18 {
			a := m.Command().Args[1].(amf0.ECMAArray)
			got = append(got, fmt.Sprint(m.Timestamp, " ", a.String("title"), a.Number("width")))
		}
	}
	require.Equal(t, []string{"0 64", "0 mine0", "40 128", "0 mine0"}, got)
}

func TestDataIsRefused(t *testing.T) {
	o := publish.DefaultOptions()
	o.URL = "rtmp://127.0.0.1/live+s3cret"
	p, err := publish.New(o)
	require.NoError(t, err)
	for reason, d := range map[string]publish.Data{
		"no handler name":   {},
		"has 300 bytes":     {Handler: strings.Repeat("x", 300)},
		"not UTF-8":         {Handler: "a\xff"},
		"stored":            {Handler: "@setDataFrame"},
		"no AMF0 form":      {Handler: "onX", Value: struct{}{}},
		"bytes: at most":    {Handler: "onX", Value: strings.Repeat("x", 64<<10)},
		"[1].a: the Go typ": {Handler: "onX", Value: amf0.Object{{Name: "a", Value: make(chan int)}}},
	} {
		var wrong *publish.DataError
		require.ErrorAs(t, p.SendData(t.Context(), d), &wrong, reason)
		require.Contains(t, wrong.Reason, reason)
	}
	for i := range 33 {
		err := p.SendData(t.Context(), publish.Data{Handler: fmt.Sprint("on", i), Stored: true})
		require.Equal(t, i == 32, err != nil, "%d: %v", i, err)
	}
	require.NoError(t, p.SendData(t.Context(), publish.Data{Handler: "on1", Stored: true}), "the same handler again")
	waiting := 33
	for ; err == nil && waiting < 1000; waiting++ {
		err = p.SendData(t.Context(), publish.Data{Handler: "onLive", Value: 1.0})
	}
	require.ErrorIs(t, err, publish.ErrDataFull)
	require.Equal(t, 257, waiting)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, p.SendData(ctx, publish.Data{Handler: "onLive"}), context.Canceled)
	require.NoError(t, p.Shutdown(t.Context()))
	require.ErrorIs(t, p.SendData(t.Context(), publish.Data{Handler: "onLive"}), publish.ErrClosed)
}
