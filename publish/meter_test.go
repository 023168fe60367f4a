package publish

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMeter(t *testing.T) {
	var m meter
	start := time.Unix(1000, 0)
	require.Zero(t, m.rate(start, time.Second), "nothing counted yet")
	for i := range 300 { // 30 s at 1000 bytes a slot
		m.add(start.Add(time.Duration(i)*meterSlot), 1000)
	}
	now := start.Add(300 * meterSlot)
	require.EqualValues(t, 80000, m.rate(now, time.Second))
	require.EqualValues(t, 80000, m.rate(now, 10*time.Second))
	now = now.Add(500 * time.Millisecond)
	require.EqualValues(t, 40000, m.rate(now, time.Second), "half a second of silence")
	now = now.Add(time.Hour)
	require.Zero(t, m.rate(now, 10*time.Second))
	m.add(now, 5)
	require.Zero(t, m.rate(now, time.Second), "the slot under way does not count yet")
}

func TestMeterIsRightFromTheFirstSecond(t *testing.T) {
	var m meter
	start := time.Unix(1000, 0)
	m.add(start, 1000)
	m.add(start.Add(meterSlot), 1000)
	require.EqualValues(t, 80000, m.rate(start.Add(2*meterSlot), time.Second))
}
