#include "bind/functions.hpp"
#include "bind/overloads.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;
using enum ArgumentForm;

constexpr std::array kAggregates{
    AggregateRule{"count", {}, int8, "count"},
    AggregateRule{"count", {pseudo::any}, int8, "count", passes},
    AggregateRule{"sum", {int2}, int8, "sum"},
    AggregateRule{"sum", {int4}, int8, "sum"},
    AggregateRule{"sum", {int8}, numeric, "crossfade_sum_int8"},
    AggregateRule{"sum", {float4}, float4, "crossfade_sum_float4"},
    AggregateRule{"sum", {float8}, float8, "crossfade_sum_float8"},
    AggregateRule{"sum", {numeric}, numeric, "crossfade_sum_numeric"},
    AggregateRule{"sum", {interval}, interval, "crossfade_sum_interval"},
    AggregateRule{"avg", {int2}, numeric, "crossfade_avg_int"},
    AggregateRule{"avg", {int4}, numeric, "crossfade_avg_int"},
    AggregateRule{"avg", {int8}, numeric, "crossfade_avg_int"},
    AggregateRule{"avg", {float4}, float8, "crossfade_avg_float8"},
    AggregateRule{"avg", {float8}, float8, "crossfade_avg_float8"},
    AggregateRule{"avg", {numeric}, numeric, "crossfade_avg_numeric"},
    AggregateRule{"avg", {interval}, interval, "crossfade_avg_interval"},
    AggregateRule{"bool_and", {boolean}, boolean, "min"},
    AggregateRule{"every", {boolean}, boolean, "min"},
    AggregateRule{"bool_or", {boolean}, boolean, "max"},
    AggregateRule{"string_agg", {text, text}, text, "group_concat"},
    AggregateRule{"min", {int2}, int2, "min", passes},
    AggregateRule{"min", {int4}, int4, "min", passes},
    AggregateRule{"min", {int8}, int8, "min", passes},
    AggregateRule{"min", {model::oid::oid}, model::oid::oid, "min", passes},
    AggregateRule{"min", {float4}, float4, "min", passes},
    AggregateRule{"min", {float8}, float8, "min", passes},
    AggregateRule{"min", {numeric}, numeric, "min", passes},
    AggregateRule{"min", {text}, text, "min", passes},
    AggregateRule{"min", {bpchar}, bpchar, "min", passes},
    AggregateRule{"min", {date}, date, "min", passes},
    AggregateRule{"min", {time}, time, "min", passes},
    AggregateRule{"min", {timestamp}, timestamp, "min", passes},
    AggregateRule{"min", {timestamptz}, timestamptz, "min", passes},
    AggregateRule{"min", {interval}, interval, "min", passes},
    AggregateRule{"min", {timetz}, timetz, "min", passes},
    AggregateRule{"max", {int2}, int2, "max", passes},
    AggregateRule{"max", {int4}, int4, "max", passes},
    AggregateRule{"max", {int8}, int8, "max", passes},
    AggregateRule{"max", {model::oid::oid}, model::oid::oid, "max", passes},
    AggregateRule{"max", {float4}, float4, "max", passes},
    AggregateRule{"max", {float8}, float8, "max", passes},
    AggregateRule{"max", {numeric}, numeric, "max", passes},
    AggregateRule{"max", {text}, text, "max", passes},
    AggregateRule{"max", {bpchar}, bpchar, "max", passes},
    AggregateRule{"max", {date}, date, "max", passes},
    AggregateRule{"max", {time}, time, "max", passes},
    AggregateRule{"max", {timestamp}, timestamp, "max", passes},
    AggregateRule{"max", {timestamptz}, timestamptz, "max", passes},
    AggregateRule{"max", {interval}, interval, "max", passes},
    AggregateRule{"max", {timetz}, timetz, "max", passes},
};

constexpr std::array kWindows{
    AggregateRule{"row_number", {}, int8, "row_number"},
    AggregateRule{"rank", {}, int8, "rank"},
    AggregateRule{"dense_rank", {}, int8, "dense_rank"},
    AggregateRule{"percent_rank", {}, float8, "percent_rank"},
    AggregateRule{"cume_dist", {}, float8, "cume_dist"},
    AggregateRule{"ntile", {int4}, int4, "ntile"},
    AggregateRule{"lag", {pseudo::any_element}, 0, "lag", passes},
    AggregateRule{"lag", {pseudo::any_element, int4}, 0, "lag", passes},
    AggregateRule{"lag", {pseudo::any_compatible, int4, pseudo::any_compatible}, 0, "lag"},
    AggregateRule{"lead", {pseudo::any_element}, 0, "lead", passes},
    AggregateRule{"lead", {pseudo::any_element, int4}, 0, "lead", passes},
    AggregateRule{"lead", {pseudo::any_compatible, int4, pseudo::any_compatible}, 0, "lead"},
    AggregateRule{"first_value", {pseudo::any_element}, 0, "first_value", passes},
    AggregateRule{"last_value", {pseudo::any_element}, 0, "last_value", passes},
    AggregateRule{"nth_value", {pseudo::any_element, int4}, 0, "nth_value", passes},
};

}  // namespace

std::span<const AggregateRule> aggregate_rules() { return kAggregates; }
std::span<const AggregateRule> window_rules() { return kWindows; }

}  // namespace crossfade::sql
