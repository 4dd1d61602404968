-- The dissector: it walks the tables above as pcpscope's own decoder does (proto/decode.c), which
-- tests/suites/agreement holds it to field by field.

local proto = Proto("pcpscope", "Port Control Protocol (pcpscope)")

-- ---- rows ----

local function bit(set, value) return math.floor(set / value) % 2 == 1 end

-- Whether a row is valid there: a group without a bit in the row, or not asked about, means any.
local function fits(layout, group, asked)
	if not asked then return true end
	local any = false
	for _, value in ipairs(P.groups[group]) do any = any or bit(layout.where, value) end
	return not any or bit(layout.where, asked)
end

local function fits_all(layout, where)
	return fits(layout, "opcode", where.opcode) and fits(layout, "direction", where.direction)
		and fits(layout, "version", where.version)
end

local function rank(layout, where)
	local wanted = false
	for dialect, name in pairs(P.dialects) do
		wanted = wanted or (proto.prefs[name] and bit(layout.dialect, dialect))
	end
	local value = 1
	if wanted and fits_all(layout, where) then value = value + 16
	elseif layout.dialect == 0 then value = value + 8 end
	if fits(layout, "version", where.version) then value = value + 4 end
	if fits(layout, "direction", where.direction) then value = value + 2 end
	if fits(layout, "opcode", where.opcode) then value = value + 1 end
	return value
end

local function find(class, code, where, must_fit)
	local best, best_rank = nil, 0
	for _, layout in ipairs(P.layouts) do
		if layout.class == class and layout.code == code and (not must_fit or fits_all(layout, where)) then
			local value = rank(layout, where)
			if value > best_rank then best, best_rank = layout, value end
		end
	end
	return best
end

local function named(class, name, direction)
	for _, layout in ipairs(P.layouts) do
		if layout.class == class and layout.name == name and fits(layout, "direction", direction) then return layout end
	end
end

-- Octets of a layout's fixed part: up to its first field of variable length.
local function fixed(layout)
	local size = 0
	for _, field in ipairs(layout.fields) do
		if field.len == 0 then break end
		size = field.off + field.len
	end
	return size
end

local function is_number(field)
	return field.kind == "uint" or field.kind == "seconds" or (field.kind == "reserved" and field.len >= 1 and field.len <= 4)
end

-- ---- Wireshark's fields, one for each way in which a path is laid out ----

local made, all = {}, {}

local function proto_field(layout, field, len)
	local key = table.concat({ layout.key, field.key, field.kind, is_number(field) and len or 0, field.mask, field.names or 0 }, " ")
	if made[key] then return made[key] end
	local path = "pcpscope." .. layout.key .. "." .. field.key
	if is_number(field) then
		local make = ({ ProtoField.uint8, ProtoField.uint16, ProtoField.uint24, ProtoField.uint32 })[len]
		local shown, names = base.DEC, field.names and P.names[field.names]
		if field.kind == "seconds" then shown, names = base.UNIT_STRING, { " s" } end
		made[key] = make(path, field.label, shown, names, field.mask ~= 0 and field.mask or nil, field.help)
	elseif field.kind == "ipv6" then made[key] = ProtoField.ipv6(path, field.label, field.help)
	elseif field.kind == "ipv4" then made[key] = ProtoField.ipv4(path, field.label, field.help)
	elseif field.kind == "text" then made[key] = ProtoField.string(path, field.label, base.UNICODE, field.help)
	else made[key] = ProtoField.bytes(path, field.label, base.SPACE, field.help)
	end
	table.insert(all, made[key])
	return made[key]
end

for _, layout in ipairs(P.layouts) do
	for _, field in ipairs(layout.fields) do proto_field(layout, field, field.len) end
end

local answers = {
	request = ProtoField.framenum("pcpscope.request_in", "Request in", base.NONE, frametype.REQUEST),
	response = ProtoField.framenum("pcpscope.response_in", "Response in", base.NONE, frametype.RESPONSE),
	time = ProtoField.relative_time("pcpscope.time", "Time from the request"),
}
for _, field in pairs(answers) do table.insert(all, field) end
proto.fields = all

for _, name in pairs(P.dialects) do
	proto.prefs[name] = Pref.bool(name, false, "Read codes as " .. name .. " means them, where a standard means something else")
end

-- ---- rules: those that follow from the tables, by their names in the linter ----

local rules, experts = {}, {}

local function rule(name)
	local row = assert(P.rules[name], name)
	rules[name] = ProtoExpert.new("pcpscope." .. name, row.text .. " (" .. row.ref .. ")", expert.group.PROTOCOL, expert.severity[row.severity])
	table.insert(experts, rules[name])
end

for _, name in ipairs({
	"length-too-short", "length-too-long", "length-not-multiple-of-4", "body-too-short", "version-unknown", "version-1",
	"reserved-nonzero", "opcode-unknown", "result-unknown", "option-overrun", "option-padding-nonzero", "option-unknown",
	"option-unknown-mandatory", "option-unknown-returned", "option-wrong-opcode", "option-wrong-direction",
	"option-repeated", "option-length", "option-experimental", "option-two-meanings",
	"natpmp-length", "natpmp-opcode-unknown", "natpmp-result-unknown",
}) do rule(name) end
proto.experts = experts

local function found(item, name) item:add_proto_expert_info(rules[name], P.rules[name].text .. " (" .. P.rules[name].ref .. ")") end

-- ---- leaves ----

local function shown_address(range)
	local text = range:bytes():tohex(true)
	if text:sub(1, 24) ~= "00000000000000000000ffff" then return nil end
	return tostring(range:range(12, 4):ipv4())
end

local function shown_codes(range)
	local words = {}
	for i = 0, range:len() - 1 do
		local code = range:range(i, 1):uint()
		table.insert(words, code .. (P.names[P.option_names][code] and " " .. P.names[P.option_names][code] or ""))
	end
	return table.concat(words, ", ")
end

local function all_zero(range, mask)
	for i = 0, range:len() - 1 do
		local octet = range:range(i, 1):uint()
		if mask ~= 0 and range:len() == 1 then
			for value = 0, 7 do
				if bit(mask, 2 ^ value) and bit(octet, 2 ^ value) then return false end
			end
		elseif octet ~= 0 then
			return false
		end
	end
	return true
end

local function number(m, field, start)
	local value = m.tvb(start + field.off, field.len):uint()
	if field.mask == 0 then return value end
	local shift = 1
	while not bit(field.mask, shift) do shift = shift * 2 end
	return math.floor(value / shift) % (math.floor(field.mask / shift) + 1)
end

local function leaf(m, tree, layout, field, off, len)
	if len == 0 then return end
	local range = m.tvb(off, len)
	local item = field.kind == "text" and tree:add_packet_field(proto_field(layout, field, len), range, ENC_UTF_8 + ENC_STRING)
		or tree:add(proto_field(layout, field, len), range)
	local more = field.kind == "ipv6" and shown_address(range) or field.kind == "codes" and shown_codes(range)
	if more then item:append_text(" (" .. more .. ")") end
	if field.kind == "reserved" and m.judged and field ~= P.zeros and not (layout == P.get and m.response)
		and not all_zero(range, field.mask) then found(item, "reserved-nonzero") end
	if field.kind == "padding" and m.own and not all_zero(range, 0) then found(item, "option-padding-nonzero") end
end

local function raw(m, tree, off, len) leaf(m, tree, P.raw, P.raw.fields[1], off, len) end

local function branch(m, tree, off, len, text)
	if len == 0 then return tree end
	return tree:add(m.tvb(off, len), text)
end

-- ---- layouts ----

local decode_options

-- PREFIX64 (RFC 7225 4.1): the prefix and its suffix share 12 octets, then a count and as many pairs.
local function decode_prefix64(m, tree, layout, off, len)
	local size, prefix, suffix, count, bits, address = table.unpack(layout.fields)
	local stop, known, octets = off + len, len < 2 and 0 or 2, 0
	if known > 0 then
		octets = number(m, size, off)
		leaf(m, tree, layout, size, off, 2)
	end
	if len < 14 or octets > 12 then return raw(m, tree, off + known, len - known) end
	leaf(m, tree, layout, prefix, off + 2, octets)
	leaf(m, tree, layout, suffix, off + 2 + octets, 12 - octets)
	off = off + 14
	if stop - off < 2 then return raw(m, tree, off, stop - off) end
	local n = m.tvb(off, 2):uint()
	leaf(m, tree, layout, count, off, 2)
	off = off + 2
	while n > 0 and stop - off >= 6 do
		leaf(m, tree, layout, bits, off, 2)
		leaf(m, tree, layout, address, off + 2, 4)
		n, off = n - 1, off + 6
	end
	raw(m, tree, off, stop - off)
end

-- A layout's fields over len octets: those that are wholly there, then raw octets for what is left.
local function decode_fields(m, tree, layout, off, len, level)
	local done = 0
	if layout.class == "option" and layout.name == "PREFIX64" then return decode_prefix64(m, tree, layout, off, len) end
	for _, field in ipairs(layout.fields) do
		local n = field.len > 0 and field.len or len - field.off
		if field.off + field.len > len then break end
		if field.kind == "options" and n > 0 and level < P.depth then
			decode_options(m, tree, off + field.off, off + len, level + 1)
		else
			leaf(m, tree, layout, field, off + field.off, n)
		end
		done = field.off + n
	end
	raw(m, tree, off + done, len - done)
end

local function length_fits(layout, len)
	return len >= layout.min and len >= fixed(layout) and ((layout.max == 0 and #layout.fields > 0) or len <= layout.max)
end

local function other_meaning(layout)
	for _, row in ipairs(P.layouts) do
		if row.class == "option" and row.code == layout.code and row.name ~= layout.name then return true end
	end
	return false
end

local function judge_option(m, item, layout, code, len)
	local count = (m.count[code] or 0)
	m.count[code] = count + 1
	if not layout then
		found(item, m.response and "option-unknown-returned" or code >= P.optional and "option-unknown" or "option-unknown-mandatory")
		return
	end
	if m.where.opcode and not fits(layout, "opcode", m.where.opcode) then found(item, "option-wrong-opcode") end
	if not fits(layout, "direction", m.where.direction) then found(item, "option-wrong-direction") end
	if layout.dialect ~= 0 then found(item, "option-experimental") end
	if other_meaning(layout) then found(item, "option-two-meanings") end
	if not m.judged then return end
	if layout.count > 0 and count == layout.count then found(item, "option-repeated") end
	if not length_fits(layout, len) then found(item, "option-length") end
end

-- The option's header, its data and its padding (RFC 6887 7.3). A Length that runs past the end leaves the
-- data raw.
local function decode_option(m, tree, off, stop, level)
	local code, reserved, length, padding = table.unpack(P.tlv.fields)
	local room, n, len = stop - off - P.tlv_len, number(m, code, off), number(m, length, off)
	local overrun, where = len > room, m.where
	local data = overrun and room or len
	local pad = overrun and 0 or math.min(-len % 4, room - data)
	if level > 0 then where = { opcode = P.opcodes[P.nested], direction = where.direction, version = where.version } end
	local layout = find("option", n, where, false)
	local known, before = layout or P.raw, m.judged
	local item = branch(m, tree, off, P.tlv_len + data + pad, layout and layout.name or "Option " .. n)
	-- A response returns some options as the request had them: they are not the server's own.
	if m.response and (not layout or bit(layout.where, P.if_asked)) then m.judged = false end
	for _, field in ipairs({ code, reserved, length }) do leaf(m, item, P.tlv, field, off + field.off, field.len) end
	if overrun then
		raw(m, item, off + P.tlv_len, data)
	else
		if level == 0 and m.own then judge_option(m, item, layout, n, len) end
		decode_fields(m, item, known, off + P.tlv_len, data, level)
	end
	if overrun and level == 0 and m.own and not m.cut then found(item, "option-overrun") end
	leaf(m, item, P.tlv, padding, off + P.tlv_len + data, pad)
	m.judged = before
	return P.tlv_len + data + pad
end

decode_options = function(m, tree, off, stop, level)
	while stop - off >= P.tlv_len do off = off + decode_option(m, tree, off, stop, level) end
	raw(m, tree, off, stop - off)
	if stop > off and level == 0 and m.own and not m.cut then found(tree, "option-overrun") end
end

-- ---- messages ----

-- Which results are the server's own words: all others return the request behind their header.
local function speaks_for_itself(m) return not m.response or m.result == 0 end

local function body_layout(m)
	if not m.where.version or (m.response and m.len >= P.header_len and m.result == P.unsupp_version) then return nil end
	return find("opcode", m.opcode, m.where, true)
end

-- SADSCP's request ends with a name whose length stands in the field before it.
local function body_extent(m, layout, off)
	local size, room = fixed(layout), m.len - off
	if layout.name == "SADSCP" and not m.response and room >= size then size = size + m.tvb(off + size - 1, 1):uint() end
	return math.min(size, room)
end

local function judge_header(m, item)
	if m.wire < P.header_len and not (m.response and m.len >= P.tlv_len and m.tvb(3, 1):uint() == P.unsupp_version) then
		found(item, "length-too-short")
	end
	if m.wire > P.max_len then found(item, "length-too-long") end
	if m.len >= P.header_len and m.wire % 4 ~= 0 then found(item, "length-not-multiple-of-4") end
	if m.version > P.last_version then found(item, "version-unknown") end
	if m.version == 1 and not m.response then found(item, "version-1") end
	if m.own and m.len > 1 and not P.opcodes[m.opcode] then found(item, "opcode-unknown") end
	if m.response and m.len >= P.header_len and m.result ~= 0 and not P.names[P.result_names][m.result] then
		found(item, "result-unknown")
	end
end

local function decode_pcp(m, tree)
	local off = math.min(m.len, P.header_len)
	if m.response and m.len >= P.header_len then m.result = m.tvb(3, 1):uint() end
	m.own = speaks_for_itself(m) or m.len < P.header_len
	local body, header = body_layout(m), P.response
	if not m.response then
		header = body and body.name == P.authentication and P.auth_request or P.request
	end
	local item = branch(m, tree, 0, off, "Header")
	m.judged = true
	decode_fields(m, item, header, 0, off, 0)
	m.judged = m.own
	judge_header(m, item)
	if not body or m.len < P.header_len then return raw(m, tree, off, m.len - off) end
	local len, whole = body_extent(m, body, off), fixed(body)
	if m.own and m.wire < P.header_len + whole then found(item, "body-too-short") end
	item = branch(m, tree, off, len, body.name)
	decode_fields(m, item, body, off, len, 0)
	if len >= whole then
		m.body, m.body_off = body, off
		decode_options(m, tree, off + len, m.len, 0)
	end
end

-- A refusal of the version has opcode 0 and no response bit (RFC 6886 3.5), but is 8 octets long.
local function refuses_version(m)
	return m.version == 0 and m.len == 8 and m.opcode == 0 and m.tvb(2, 2):uint() == P.unsupp_version
end

local function judge_natpmp(m, item, layout)
	local returned = m.result == P.natpmp_bad_opcode
	if layout.max > 0 and m.wire ~= layout.max and not returned and not (m.result ~= 0 and m.wire == 8)
		and not (m.result == P.unsupp_version and m.wire >= 4) then found(item, "natpmp-length") end
	if m.len > 1 and not returned and m.result ~= P.unsupp_version and not P.names[P.natpmp_opcode_names][m.opcode] then
		found(item, "natpmp-opcode-unknown")
	end
	if not P.names[P.natpmp_result_names][m.result] then found(item, "natpmp-result-unknown") end
end

local function decode_natpmp(m, tree)
	local layout = find("natpmp", m.opcode, m.where, true)
	if not layout then layout = named("natpmp", "UNKNOWN", m.where.direction) end
	if m.response and refuses_version(m) then layout = named("natpmp", "UNSUPPORTED_VERSION") end
	m.result, m.judged, m.own = 0, true, true
	for _, field in ipairs(layout.fields) do
		if m.response and field.key == "result" and field.off + field.len <= m.len then m.result = number(m, field, 0) end
	end
	decode_fields(m, tree, layout, 0, m.len, 0)
	judge_natpmp(m, tree, layout)
	if m.len >= fixed(layout) then m.body, m.body_off = layout, 0 end
end

-- ---- requests and answers ----

local requests, answered, asked = {}, {}, {}
function proto.init() requests, answered, asked = {}, {}, {} end

-- Whether an answer copies the field: it stands in both directions and is neither of the header, nor
-- reserved, nor what the server decides.
local function is_copied(m, field)
	if field.len == 0 or field.kind == "reserved" or field.kind == "seconds" then return false end
	for _, header in ipairs(P.response.fields) do
		if header.key == field.key then return false end
	end
	local there = { opcode = m.where.opcode, version = m.where.version }
	there.direction = m.response and P.groups.direction[1] or P.groups.direction[2]
	local other = find(m.body.class, m.opcode, there, true)
	for _, twin in ipairs(other and other.fields or {}) do
		if twin.key == field.key then return true end
	end
	return false
end

-- What an answer copies; nil where it holds no whole body. The messages of a log-in go by their order.
local function key_of(m)
	local key = { m.version, m.opcode }
	if not m.body or m.body.name == "UNSUPPORTED_VERSION" or m.body.name == "UNKNOWN" then return nil end
	for _, field in ipairs(m.body.fields) do
		if m.body.name ~= P.authentication and is_copied(m, field) then
			table.insert(key, m.tvb(m.body_off + field.off, field.len):bytes():tohex())
		end
	end
	return table.concat(key, " ")
end

local function endpoints(m, pinfo)
	local from, to = tostring(pinfo.src) .. " " .. pinfo.src_port, tostring(pinfo.dst) .. " " .. pinfo.dst_port
	if m.response then from, to = to, from end
	return from .. " " .. to
end

local function remember(m, pinfo)
	local between, key = endpoints(m, pinfo), key_of(m)
	local list = requests[between] or {}
	requests[between] = list
	if not m.response then
		table.insert(list, { frame = pinfo.number, time = pinfo.rel_ts, key = key })
		return
	end
	for i = #list, 1, -1 do
		if not key or list[i].key == key then
			answered[pinfo.number] = list[i]
			if not asked[list[i].frame] then asked[list[i].frame] = pinfo.number end
			return
		end
	end
end

local function show_partner(m, tree, pinfo)
	local request, response = answered[pinfo.number], asked[pinfo.number]
	if request then
		tree:add(answers.request, request.frame):set_generated()
		local span = math.max(0, pinfo.rel_ts - request.time)
		local whole = math.floor(span)
		tree:add(answers.time, NSTime.new(whole, math.floor((span - whole) * 1e9))):set_generated()
	end
	if response then tree:add(answers.response, response):set_generated() end
end

-- ---- the whole ----

local function summary(m)
	local natpmp = m.version == 0
	local names, results = P.names[natpmp and P.natpmp_opcode_names or P.opcode_names], P.names[natpmp and P.natpmp_result_names or P.result_names]
	local opcode = names[m.opcode] or "opcode " .. m.opcode
	if not m.response then return opcode .. " request" end
	return opcode .. " " .. (m.result and (results[m.result] or "result " .. m.result) or "response")
end

function proto.dissector(tvb, pinfo, tree)
	local m = { tvb = tvb, len = tvb:len(), wire = tvb:reported_len(), count = {}, version = 0, opcode = 0 }
	if m.len == 0 then return 0 end
	m.cut = m.wire > m.len
	m.version = tvb(0, 1):uint()
	if m.len > 1 then m.opcode, m.response = tvb(1, 1):uint() % P.r, tvb(1, 1):uint() >= P.r end
	m.response = m.response or refuses_version(m)
	m.where = { direction = P.groups.direction[m.response and 2 or 1], version = P.versions[m.version] }
	if m.version ~= 0 then m.where.opcode = P.opcodes[m.opcode] end
	pinfo.cols.protocol = m.version == 0 and "NAT-PMP" or "PCP"
	local item = tree:add(proto, tvb())
	if m.version == 0 then decode_natpmp(m, item) else decode_pcp(m, item) end
	pinfo.cols.info = summary(m)
	item:append_text(", " .. summary(m))
	if not pinfo.visited then remember(m, pinfo) end
	show_partner(m, item, pinfo)
	return m.len
end

for _, port in ipairs(P.ports) do DissectorTable.get("udp.port"):add(port, proto) end
